import type { Client } from 'urql';

import { createStore, type Store, useStore } from '../state/store';

/** An agent as rows and lists name them. */
export interface AgentNamed {
  name: string;
  externalId: string;
}

/** Which names several agents have, by all that came with the answers of a client; their external ids tell them apart. */
interface Agents {
  keys: Map<string, string>;
  shared: Store<ReadonlySet<string>>;
}

const known = new WeakMap<Client, Agents>();

function agentsOf(client: Client): Agents {
  let agents = known.get(client);
  if (!agents) known.set(client, (agents = { keys: new Map(), shared: createStore<ReadonlySet<string>>(new Set()) }));
  return agents;
}

/** Takes note of agents that came with an answer. */
export function rememberAgents(client: Client, named: Iterable<AgentNamed | null | undefined>): void {
  const { keys, shared } = agentsOf(client);
  const more = new Set<string>();
  for (const agent of named) {
    if (!agent) continue;
    const key = keys.get(agent.name);
    if (key === undefined) keys.set(agent.name, agent.externalId);
    else if (key !== agent.externalId && !shared.get().has(agent.name)) more.add(agent.name);
  }
  if (more.size > 0) shared.set(new Set([...shared.get(), ...more]));
}

/** The names that several agents have. */
export function sharedNames(client: Client): Store<ReadonlySet<string>> {
  return agentsOf(client).shared;
}

export function useSharedNames(client: Client): ReadonlySet<string> {
  return useStore(sharedNames(client));
}

/** The name of an agent, with the external id beside it where the name is not theirs alone. */
export function apart({ name, externalId }: AgentNamed, shared: ReadonlySet<string>): string {
  return shared.has(name) ? `${name} (${externalId})` : name;
}
