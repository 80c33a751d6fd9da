/** The process that serves (`serve.ts`). */
import { programOf } from './loading.js';

// Loaded now, not above, so that compiled code is kept.
const { main } = /** @type {typeof import('./serve.ts')} */ (await import(programOf('serve.ts').href));

await main();
