/** Commands that a run of the tests starts. */
import { spawn } from 'node:child_process';

/** Runs a command; its output is shown only when it fails. Returns whether it ended well. */
export async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  onOutput?: (text: Buffer) => void,
): Promise<boolean> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kept: Buffer[] = [];
  child.stdout.on('data', (text: Buffer) => (onOutput ? onOutput(text) : kept.push(text)));
  child.stderr.on('data', (text: Buffer) => kept.push(text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0 && kept.length > 0) process.stdout.write(Buffer.concat(kept));
  return code === 0;
}
