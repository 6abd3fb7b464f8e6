import { configGroup, secretSetting, setting, urlText } from '@gimbal/platform';
import { z } from 'zod';

/** Who outside is told when another version goes live. */
export const announcementConfig = configGroup('Announcements', {
  slackUrl: secretSetting('SLACK_WEBHOOK_URL', urlText('https:', 'http:').optional(), {
    description: 'Incoming webhook of Slack that is told of every deployment. Unset: nobody is told there.',
  }),
  githubRepository: setting(
    'GITHUB_REPOSITORY',
    z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
      .optional(),
    {
      description:
        'Repository `owner/name` in which every version that goes live becomes a release. Needs GITHUB_TOKEN; without one none is made.',
    },
  ),
  githubToken: secretSetting('GITHUB_TOKEN', z.string().min(1).optional(), {
    description: 'Token that may write releases of GITHUB_REPOSITORY (contents: write).',
  }),
  githubApiUrl: setting('GITHUB_API_URL', urlText('https:', 'http:').default('https://api.github.com'), {
    description: "GitHub's REST API; for GitHub Enterprise Server `https://<host>/api/v3`.",
  }),
  publicUrl: setting('PUBLIC_URL', urlText('http:', 'https:').optional(), {
    description: 'Where people reach the gateway; messages link to it. Unset: messages have no links to it.',
  }),
});
