import type { LanguageTexts } from '../notice-texts.ts';

const DATES_FOLLOW_HR = 'Is this date wrong? Please tell your secretariat soon: we follow the records of HR.';
const NEW_LAST_DAY =
  '{{#if lastDay}}Your last day is now {{lastDay}}.{{else}}No last day is set for you.{{/if}}';
const BLOCK = '{{blockOn}}: you can no longer sign in, and your group memberships are deleted.';
const DELETE = '{{deleteOn}}: deletion, for good.';

const OTHERS_UNKNOWN =
  '{{#if othersUnknown}}What else you own officially could not be listed this time. Please look for yourself what somebody else has to take over.{{/if}}';

export const english: LanguageTexts = {
  locale: 'en-GB',
  greeting: 'Dear {{recipient}},',
  greetingNobody: 'Hello,',
  passOn: 'We have no mail address for {{person}}. Please pass this message on to them.',
  contact: 'Questions? Please write to {{contact}}.',
  closing: 'Account management, {{organisation}} (automatic message)',
  phrases: {
    yourAccounts: '{count, plural, one {your account} other {your # accounts}}',
    accountsOf: '{count, plural, one {the account} other {# accounts}}',
    toReassign:
      '{count, plural, one {You still own this official resource. Please re-assign it before you leave. A service account that is left over goes to your supervisor.} other {You still own these # official resources. Please re-assign them before you leave. Service accounts that are left over go to your supervisor.}}',
    goesToSupervisor:
      '{count, plural, one {You still own this official resource. If it is a service account, it goes to your supervisor.} other {You still own these # official resources. The service accounts among them go to your supervisor.}}',
    resources: '{count, plural, one {this official resource} other {these # official resources}}',
    moreOwned: '{count, plural, one {… and one more.} other {… and # more.}}',
    receivedSubject:
      '{count, plural, one {A service account was transferred to you} other {# service accounts were transferred to you}}',
    received:
      '{count, plural, one {You are now the owner of this service account, and its mail comes to you:} other {You are now the owner of these # service accounts, and their mail comes to you:}}',
  },
  causes: {
    'fallback-owner': {
      title: 'service account without a supervisor to take it',
      text: 'The owner has left and nobody in the line of supervisors could take the service account. The fallback owner has it now. Please find the right owner.',
    },
    'no-address': {
      title: 'nobody to send a notice to',
      text: 'A notice could not be sent: neither the person nor a supervisor has a usable mail address. Please tell the person what is going to happen.',
    },
    'no-guest-address': {
      title: 'no external address for a guest account',
      text: 'The person has left and no guest account could be made: the external address is missing, is one of ours, or belongs to another person. Please find a way to reach them: an admin can associate an identity that they have elsewhere (guest associate).',
    },
  },
  outcomes: {
    approved: 'The proposed owner agreed. The account is theirs now, and its mail goes to them.',
    rejected: 'The proposed owner said no. Nothing was changed.',
    withdrawn: 'The request was withdrawn. Nothing was changed.',
    lapsed: 'The proposed owner did not answer in time. Nothing was changed.',
    impossible: 'The proposed owner agreed, and cannot own the account any more. Nothing was changed.',
  },
  notices: {
    'leaving-soon': {
      subject: 'Your {{organisation}} account: your last day is {{lastDayShort}}',
      body: [
        'Your last day at {{organisation}} is {{lastDay}}. This is about {{yourAccounts}}:',
        { list: 'logins' },
        'What will happen:',
        {
          items: [
            '{{lastDay}}: your last day.{{#if blockOn}} You can still sign in afterwards, for a while.{{/if}}',
            `{{#if blockOn}}${BLOCK} Please save what you need before that.{{/if}}`,
            `{{#if deleteOn}}${DELETE}{{/if}}`,
          ],
        },
        '{{toReassign}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        OTHERS_UNKNOWN,
        '{{#if proposals}}To propose who is to own a service account, open its page. Only you should have these addresses, which work until you leave:{{/if}}',
        { list: 'proposals' },
        DATES_FOLLOW_HR,
      ],
    },
    'has-left': {
      subject: 'Your time at {{organisation}} has ended: what happens to your account',
      body: [
        'Your last day at {{organisation}} was {{lastDay}}. This is about {{yourAccounts}}:',
        { list: 'logins' },
        '{{#if hasDates}}What comes next:{{/if}}',
        {
          items: [
            `{{#if blockOn}}${BLOCK} Until then you can save what you need.{{/if}}`,
            `{{#if deleteOn}}${DELETE}{{/if}}`,
          ],
        },
        '{{goesToSupervisor}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        OTHERS_UNKNOWN,
        'Are you staying, or coming back? Please tell your secretariat soon: we follow the records of HR.',
      ],
    },
    'all-clear': {
      subject: 'Your {{organisation}} account: the date we announced no longer holds',
      body: [
        '{{#if announcedLastDay}}We had told you that your last day is {{announcedLastDay}}. That no longer holds.{{else}}The last day that we had announced to you no longer holds.{{/if}}',
        `${NEW_LAST_DAY} You need not do anything. This is about {{yourAccounts}}:`,
        { list: 'logins' },
      ],
    },
    returned: {
      subject: 'Welcome back: your {{organisation}} account is open again',
      body: [
        'Welcome back. Access is open again for {{yourAccounts}}:',
        { list: 'logins' },
        'Group memberships that were deleted and service accounts that were transferred do not come back by themselves. If you miss any, please ask the owners of the groups to add you, and the new owners of the service accounts to hand them back. Guest access by an identity elsewhere has ended: sign in with your account again.',
        NEW_LAST_DAY,
      ],
    },
    'hold-ends': {
      subject:
        '{{#if toActor}}The hold you set ends on {{untilShort}}{{else}}The hold on your account ends on {{untilShort}}{{/if}}',
      body: [
        '{{#if toActor}}You set a hold on {{accountsOf}} of {{person}}. It ends on {{until}}.{{else}}Nothing happens at present to {{yourAccounts}} by the calendar of leaving, because of a hold. The hold ends on {{until}}.{{/if}}',
        { list: 'logins' },
        'From the next day on the calendar counts again, and what is overdue then is carried out.',
        '{{#if toActor}}If the hold is still needed, please set it again before that day.{{/if}}',
      ],
    },
    'admin-date-ends': {
      subject:
        '{{#if toActor}}The extension you gave ends on {{untilShort}}{{else}}The extension of your account ends on {{untilShort}}{{/if}}',
      body: [
        '{{#if toActor}}You extended {{accountsOf}} of {{person}} until {{until}}.{{else}}An administrator extended {{yourAccounts}} until {{until}}.{{/if}}',
        { list: 'logins' },
        'Unless the records of HR say otherwise by then, this is the last day, and the usual steps of leaving follow.',
        '{{#if toActor}}If more time is needed, please set a later date before that day.{{/if}}',
      ],
    },
    'supervisor-resources': {
      subject:
        '{{#if resources}}{{person}} still owns official resources{{else}}Official resources of {{person}}: please ask{{/if}}',
      body: [
        '{{#if hasLeft}}The last day of {{person}}, whose supervisor you are, was {{lastDay}}.{{else}}The last day of {{person}}, whose supervisor you are, is {{lastDay}}.{{/if}}{{#if resources}} {{person}} still owns {{resources}}:{{/if}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        '{{#if othersUnknown}}What {{person}} owns officially beside service accounts could not be listed this time. Please ask, and see to it that somebody takes it over.{{/if}}',
        '{{#if resources}}{{#if hasLeft}}Service accounts among them are transferred to you.{{else}}Please see to it that they are re-assigned before that day. Service accounts that are left over are transferred to you.{{/if}}{{/if}}',
      ],
    },
    'service-account-received': {
      subject: '{{receivedSubject}}',
      body: [
        '{{received}}',
        { list: 'logins' },
        '{{#if previousOwner}}The owner so far was {{previousOwner}}.{{/if}}',
        'Should somebody else be responsible? Then please re-assign what is theirs; the new owner has to agree.',
      ],
    },
    'reassignment-asked': {
      subject:
        '{{#if isReminder}}Reminder: your answer{{else}}Your answer{{/if}} is needed: service account {{login}}',
      body: [
        '{{#if owner}}{{owner}} owns this service account, and you were proposed as its new owner:{{else}}You were proposed as the new owner of this service account:{{/if}}',
        { list: 'logins' },
        'As its owner you are responsible for it, and its mail comes to you. Nothing happens unless you agree.',
        '{{#if link}}To see the request and to answer, open this page. It works for one answer, and only you should have its address: {{link}}{{else}}To answer, please write from your own address to those who run the accounts, and name the request {{requestId}}.{{/if}}',
        'Without your answer the request ends on {{lapsesAt}}.',
      ],
    },
    'reassignment-owner-changed': {
      subject: 'Service account {{login}}: the owner has changed, and you are still asked',
      body: [
        'You were proposed as the new owner of this service account, and have not answered yet:',
        { list: 'logins' },
        'Its owner has left meanwhile.{{#if owner}} {{owner}} owns it now.{{/if}} You can still agree or refuse, as the first mail says.',
      ],
    },
    'reassignment-outcome': {
      subject: 'Re-assigning service account {{login}}: what came of it',
      body: [
        '{{#if toProposed}}You were proposed as the new owner of this service account:{{else}}A new owner was proposed for this service account{{#if newOwner}}: {{newOwner}}{{/if}}.{{/if}}',
        { list: 'logins' },
        '{{outcome}}',
        '{{#if why}}The reason: {{why}}.{{/if}}',
      ],
    },
    'service-desk-case': {
      subject: 'Case: {{causeTitle}} (person {{personId}})',
      body: [
        '{{causeText}}',
        'Person id: {{personId}}',
        '{{#if hasLogins}}Accounts:{{/if}}',
        { list: 'logins' },
      ],
    },
    'held-plan': {
      subject: 'Approval needed: {{held}} changes of HR wait',
      body: [
        'The last synchronisation with HR would take away more than the safeguard lets through. Nothing of this was applied; joins, extensions, returns and corrections were.',
        { list: 'because' },
        'What waits, by person id:',
        { list: 'rows' },
        '{{#if more}}… and {{more}} more.{{/if}}',
        'All of it: npm run lifecycle -- plan show {{planId}}',
        'To apply it: npm run lifecycle -- plan approve {{planId}} --actor YOU --reason WHY. To refuse it: the same with reject. The workflow plan-approval/{{planId}} takes both as well.',
        'A newer synchronisation with other changes takes its place. Undecided, it lapses on {{lapsesAt}}.',
      ],
    },
    alarm: {
      subject: 'Alarm: {{key}}',
      body: [
        '{{message}}',
        'First seen: {{firstSeen}}.',
        'An alarm is mailed once. The list of open alarms says whether it is over.',
      ],
    },
  },
};
