/** A process of its own in which HR and the mail server are doubled; started and asked by `doubles.ts`. */
import { startHrDouble, type HrDouble } from '../src/demo/doubles/hr-double.ts';
import { startSmtpSink } from '../src/demo/doubles/smtp-sink.ts';
import { HR_PASSWORD, HR_USER, type Answer, type Ask } from './doubles.ts';
import { benchPeople, benchPerson } from './people.ts';

const sink = await startSmtpSink();
let hr: HrDouble | undefined;

async function answer(ask: Ask): Promise<Answer> {
  if (ask.what === 'start') {
    const people = benchPeople(ask.persons, ask.lastDay);
    hr = await startHrDouble({ username: HR_USER, password: HR_PASSWORD, latencyMs: ask.latencyMs, people });
  } else if (ask.what === 'setEnd') {
    for (const id of ask.ids) hr?.setPerson(benchPerson(id, ask.lastDay));
  } else if (ask.what === 'setList') hr?.setList(ask.on);
  return {
    hrUrl: hr?.url ?? '',
    smtp: { host: sink.host, port: sink.port },
    hrRequests: hr?.requests.length ?? 0,
    mails: sink.mails.length,
  };
}

process.on('message', (ask: Ask) => {
  void answer(ask).then((given) => process.send?.(given));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group: who started us decides when we end.
process.on('SIGINT', () => undefined);
process.send?.('ready');
