import { runDemo } from './demo.ts';
import { LifecycleError } from '../errors.ts';
import { parseDemoOptions, USAGE } from './options.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping.abort();
  });
}
// Whoever reads our lines may have gone.
process.stdout.on('error', () => {
  stopping.abort();
});

try {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else {
    const held = await runDemo({
      options,
      env: process.env,
      print: (line) => {
        console.log(line);
      },
      signal: stopping.signal,
    });
    process.exitCode = held ? 0 : 1;
  }
} catch (error) {
  if (stopping.signal.aborted) process.exitCode = 130;
  else {
    console.error(error instanceof LifecycleError ? error.message : error);
    process.exitCode = 1;
  }
}
