/**
 * A process of its own in which HR, the mail server and an INDIGO IAM instance are doubled; started and asked by
 * `doubles.ts`.
 */
import { startHrDouble, type HrDouble } from '../src/demo/doubles/hr-double.ts';
import {
  type IndigoIamCall,
  type IndigoIamDouble,
  startIndigoIamDouble,
} from '../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { startSmtpSink } from '../src/demo/doubles/smtp-sink.ts';
import { HR_PASSWORD, HR_USER, IAM_CLIENT, type Answer, type Ask } from './doubles.ts';
import { benchInstanceAccount, benchPeople, benchPerson } from './people.ts';

const sink = await startSmtpSink();
let hr: HrDouble | undefined;
let iam: IndigoIamDouble | undefined;

const READS: readonly (IndigoIamCall | null)[] = ['listUsers', 'getUser', 'getLabels', 'findByLabel'];
/** Neither one nor the other. */
const TOKEN: IndigoIamCall = 'token';

async function answer(ask: Ask): Promise<Answer> {
  if (ask.what === 'start') {
    const people = benchPeople(ask.persons, ask.lastDay);
    const { latencyMs } = ask;
    hr = await startHrDouble({ username: HR_USER, password: HR_PASSWORD, latencyMs, people });
    if (ask.instance) {
      const client = { clientId: IAM_CLIENT.id, clientSecret: IAM_CLIENT.secret };
      iam = await startIndigoIamDouble({ ...client, latencyMs, accounts: people.map(benchInstanceAccount) });
    }
  } else if (ask.what === 'setEnd') {
    for (const id of ask.ids) hr?.setPerson(benchPerson(id, ask.lastDay));
  } else if (ask.what === 'setList') hr?.setList(ask.on);
  const calls = (iam?.requests ?? []).map(({ call }) => call).filter((call) => call !== TOKEN);
  const iamReads = calls.filter((call) => READS.includes(call)).length;
  return {
    hrUrl: hr?.url ?? '',
    smtp: { host: sink.host, port: sink.port },
    iamUrl: iam?.url ?? null,
    counts: {
      hrRequests: hr?.requests.length ?? 0,
      mails: sink.mails.length,
      iamReads,
      iamWrites: calls.length - iamReads,
    },
  };
}

process.on('message', (ask: Ask) => {
  void answer(ask).then((given) => process.send?.(given));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group: who started us decides when we end.
process.on('SIGINT', () => undefined);
process.send?.('ready');
