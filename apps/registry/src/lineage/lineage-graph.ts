import type { LineageEdge, LineageKind, LineageNode } from '@gimbal/contracts';

/** A node as whoever found it describes it. */
export interface FoundNode {
  readonly kind: LineageKind;
  /** Unique among the nodes of its kind. */
  readonly key: string;
  readonly label: string;
  readonly at?: Date | null;
  readonly until?: Date | null;
  readonly facts?: LineageNode['facts'];
}

/** What was found so far. A node that is found twice is in it once. */
export class LineageGraph {
  private readonly found = new Map<string, LineageNode>();
  private readonly links = new Map<string, LineageEdge>();
  private readonly cutKinds = new Set<LineageKind>();

  /** @param limit nodes that are taken of one question */
  constructor(readonly limit: number) {}

  get nodes(): LineageNode[] {
    return [...this.found.values()];
  }

  get edges(): LineageEdge[] {
    return [...this.links.values()].filter(({ from, to }) => this.found.has(from) && this.found.has(to));
  }

  get cut(): LineageKind[] {
    return [...this.cutKinds];
  }

  /** @returns the node's id */
  add({ kind, key, label, at = null, until = null, facts = {} }: FoundNode): string {
    const id = nodeId(kind, key);
    if (!this.found.has(id)) this.found.set(id, { id, kind, label, at: iso(at), until: iso(until), facts });
    return id;
  }

  link(from: string, relation: LineageEdge['relation'], to: string): void {
    this.links.set(`${from} ${relation} ${to}`, { from, to, relation });
  }

  /** As many rows as may be shown of those that were read with one more than that. */
  take<T>(kind: LineageKind, rows: readonly T[]): readonly T[] {
    if (rows.length > this.limit) this.cutKinds.add(kind);
    return rows.slice(0, this.limit);
  }
}

export const nodeId = (kind: LineageKind, key: string): string => `${kind}:${key}`;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
