import { type Deployment, describeMetric, headlineOf } from './deployment.js';

/** A release as GitHub's REST API takes it (docs.github.com/rest/releases/releases#create-a-release). */
export interface GithubRelease {
  readonly tag_name: string;
  readonly name: string;
  readonly body: string;
}

/** One release per version: however often a version goes live, its tag is the same. */
export function buildGithubRelease(deployment: Deployment): GithubRelease {
  const { model, to, decidedBy, reason, algorithm, metrics, links } = deployment;
  const body = [
    `${headlineOf(deployment)}.`,
    `- by ${decidedBy}\n- algorithm ${algorithm}\n- reason: ${reason}`,
    metrics.map((metric) => `    ${describeMetric(metric)}`).join('\n'),
    links.map(({ text, url }) => `[${text}](${url})`).join(' · '),
  ];
  return {
    tag_name: `${model}-v${to}`,
    name: `${model} version ${to}`,
    body: body.filter((part) => part !== '').join('\n\n'),
  };
}
