import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { DomainError, isDomainError } from '@gimbal/domain';
import { isPublicAddress } from './public-address.js';

/** All addresses of a name, at least one. */
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface OutboundGuardOptions {
  /** Such as `https:`, with its colon. */
  readonly protocols: ReadonlySet<string>;
  /** Names and addresses that may be called wherever they lead: receivers inside. Lower case. */
  readonly allowedHosts: ReadonlySet<string>;
  readonly resolve?: Resolve;
}

const URL_LENGTH_MAX = 2_048;

/**
 * Keeps calls to addresses that users give from reaching what only this machine can (server-side request forgery, OWASP A10:2021). The name
 * is resolved once and the connection goes to the very address that was looked at, so that a second answer of the DNS changes nothing.
 */
export class OutboundGuard {
  private readonly options: OutboundGuardOptions;
  private readonly resolve: Resolve;

  constructor(options: OutboundGuardOptions) {
    this.options = options;
    this.resolve = options.resolve ?? ((hostname) => lookup(hostname, { all: true }));
  }

  /**
   * Reads an address and refuses what its text tells already; a number in any spelling is an address by the URL standard, so `0x7f.1` is
   * `127.0.0.1` here.
   * @throws DomainError `destination-refused`
   */
  parse(text: string): URL {
    if (text.length > URL_LENGTH_MAX) throw refusal(`The URL is longer than ${URL_LENGTH_MAX} characters.`);
    if (!URL.canParse(text)) throw refusal('The URL cannot be read.');
    const url = new URL(text);
    const { protocols } = this.options;
    if (!protocols.has(url.protocol))
      throw refusal(`The URL must start with ${[...protocols].map((protocol) => `${protocol}//`).join(' or ')}.`);
    if (url.username !== '' || url.password !== '') throw refusal('The URL must not hold a user or a password.');
    const host = hostOf(url);
    if (isIP(host) && !this.mayReach(host, host)) throw refusal(`${host} is not an address of the public internet.`);
    return url;
  }

  /**
   * Refuses a URL whose name leads inside now, or nowhere. What it leads to later is looked at again by {@link lookup}.
   * @throws DomainError `destination-refused`
   */
  async check(text: string): Promise<void> {
    const host = hostOf(this.parse(text));
    if (isIP(host) !== 0) return;
    await this.vet(host).catch((error: unknown) => {
      throw isDomainError(error) ? error : refusal(`The name ${host} cannot be resolved.`, error);
    });
  }

  /** For the connector: resolves a name and answers nothing but addresses that may be reached. */
  readonly lookup: LookupFunction = (hostname, { all }, callback) => {
    this.vet(hostname).then(
      (addresses) => {
        const [{ address, family }] = addresses;
        if (all) callback(null, [...addresses]);
        else callback(null, address, family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

  private async vet(hostname: string): Promise<readonly [LookupAddress, ...LookupAddress[]]> {
    const addresses = await this.resolve(hostname);
    // One address inside is enough: which of them is tried first is not ours to say.
    const inside = addresses.find(({ address }) => !this.mayReach(hostname, address));
    if (inside)
      throw refusal(`${hostname} leads to ${inside.address}, which is not an address of the public internet.`);
    const [first, ...others] = addresses;
    if (!first) throw refusal(`The name ${hostname} has no address.`);
    return [first, ...others];
  }

  private mayReach(hostname: string, address: string): boolean {
    return this.options.allowedHosts.has(hostname.toLowerCase()) || isPublicAddress(address);
  }
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const refusal = (detail: string, cause?: unknown): DomainError =>
  new DomainError('destination-refused', detail, { cause });
