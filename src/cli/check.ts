import { Command } from 'commander';
import { check } from '../exchange/check.ts';
import { SHOWN } from '../exchange/checks/checking.ts';
import { ownConfig, patientLimits, print } from './environment.ts';
import { progressBar } from './progress.ts';

export const checkCommand = new Command('check')
  .description('Check that the database is whole and that all it holds agrees.')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nNothing is changed, and the service may run. Exit status 1 when anything is wrong.',
  )
  .action(async ({ json }: { json?: boolean }) => {
    const config = ownConfig();
    const bar = progressBar();
    const checked = await check(config.DATABASE_URL, patientLimits(config), bar.update).finally(bar.stop);
    const faults = checked.reduce((sum, one) => sum + one.faults, 0);
    if (faults > 0) process.exitCode = 1;
    if (json) return print(json, { faults, checks: checked }, '');
    for (const { name, looked, faults: found, first } of checked) {
      print(
        false,
        null,
        `${found === 0 ? 'ok    ' : 'FAULTS'} ${name}: ${looked}${found > 0 ? `, ${found} faults` : ''}`,
      );
      for (const line of first) print(false, null, `         ${line}`);
      if (found > SHOWN) print(false, null, `         and ${found - SHOWN} more`);
    }
    print(false, null, faults === 0 ? 'nothing is wrong' : `${faults} faults`);
  });
