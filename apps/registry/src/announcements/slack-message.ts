import { type Deployment, describeMetric, headlineOf } from './deployment.js';

/** Limits of Slack's blocks (docs.slack.dev/reference/block-kit/blocks), in characters. */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;

/** What Slack would read as a mention, a link or its own markup (docs.slack.dev/messaging/formatting-message-text). */
const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text, SECTION_MAX) } });

/** The message of a deployment for an incoming webhook: `text` for notifications, `blocks` for reading. Buttons are links only. */
export function buildSlackMessage(deployment: Deployment): object {
  const { decidedBy, reason, algorithm, metrics, links } = deployment;
  const headline = headlineOf(deployment);
  const about = `*By* ${escapeMarkup(decidedBy)}   *Algorithm* ${escapeMarkup(algorithm)}\n*Reason* ${escapeMarkup(reason)}`;
  const lines = metrics.map((metric) => escapeMarkup(describeMetric(metric))).join('\n');
  const buttons = links.map(({ text, url }) => ({ type: 'button', text: { type: 'plain_text', text }, url }));
  return {
    text: escapeMarkup(headline),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, HEADER_MAX) } },
      section(about),
      ...(lines === '' ? [] : [section(`\`\`\`${cut(lines, SECTION_MAX - 6)}\`\`\``)]),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
    ],
  };
}
