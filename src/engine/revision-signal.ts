/** Number of the newest change this process has heard of, and a bell that rings when it grows. */
export class RevisionSignal {
  #latest = 0;
  readonly #waiting = new Set<() => void>();

  /** Tells of a change that is committed; to be called after the commit, never before. */
  raise(revision: number): void {
    if (revision <= this.#latest) return;
    this.#latest = revision;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves once a change beyond this one is known of, after `ms` milliseconds, or when aborted; at once where that holds already. */
  beyond(revision: number, ms: number, aborted: AbortSignal): Promise<void> {
    if (this.#latest > revision || aborted.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        aborted.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
      aborted.addEventListener('abort', wake);
    });
  }
}
