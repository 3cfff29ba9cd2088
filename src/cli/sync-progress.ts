/** An activity that a workflow waits for, as Temporal describes it. */
interface Pending {
  readonly activityType?: { readonly name?: string | null } | null;
  readonly attempt?: number | null;
  readonly lastFailure?: { readonly message?: string | null } | null;
}

function wordsOf({ activityType, attempt, lastFailure }: Pending): string {
  const failure = lastFailure?.message ? `, waits: ${lastFailure.message}` : '';
  return `${activityType?.name ?? ''}${(attempt ?? 1) > 1 ? `, attempt ${String(attempt)}` : ''}${failure}`;
}

/**
 * Says where a workflow stands, whenever that has changed, until it is over. A server that does not answer in between
 * is said, and asked again: the workflow goes on without us.
 */
export async function tellProgress(input: {
  /** What the workflow waits for now. */
  readonly pending: () => Promise<readonly Pending[]>;
  /** Waits for a while; `false` = it is over. */
  readonly pause: () => Promise<boolean>;
  readonly progress: (line: string) => void;
}): Promise<void> {
  const { pending, pause, progress } = input;
  for (let last = ''; await pause();) {
    const words = await pending().then(
      (all) => all.map(wordsOf).join('; '),
      () => 'no answer from Temporal; asking again',
    );
    if (words !== last && words !== '') progress(words);
    last = words;
  }
}
