import type { LanguageTexts } from '../notice-texts.ts';

const DATES_FOLLOW_HR =
  'Cette date est fausse ? Signalez-le vite à votre secrétariat : nous suivons les données des ressources humaines.';
const NEW_LAST_DAY =
  "{{#if lastDay}}Votre dernier jour est désormais le {{lastDay}}.{{else}}Aucun dernier jour n'est fixé pour vous.{{/if}}";
const BLOCK =
  'Le {{blockOn}} : vous ne pourrez plus vous connecter, et vos appartenances aux groupes seront supprimées.';
const DELETE = 'Le {{deleteOn}} : suppression définitive.';

const OTHERS_UNKNOWN =
  '{{#if othersUnknown}}Vos autres ressources officielles n’ont pas pu être listées cette fois. Merci de vérifier vous-même ce que quelqu’un doit reprendre.{{/if}}';

export const french: LanguageTexts = {
  locale: 'fr-CH',
  greeting: 'Bonjour {{recipient}},',
  greetingNobody: 'Bonjour,',
  passOn: "Nous n'avons pas d'adresse électronique pour {{person}}. Merci de lui transmettre ce message.",
  contact: 'Une question ? Écrivez à {{contact}}.',
  closing: 'Gestion des comptes, {{organisation}} (message automatique)',
  phrases: {
    yourAccounts: '{count, plural, one {votre compte} other {vos # comptes}}',
    accountsOf: '{count, plural, one {le compte} other {# comptes}}',
    toReassign:
      '{count, plural, one {Cette ressource officielle vous appartient encore. Merci de la réattribuer avant votre départ. Un compte de service qui vous resterait passera à votre superviseur.} other {Ces # ressources officielles vous appartiennent encore. Merci de les réattribuer avant votre départ. Les comptes de service qui vous resteraient passeront à votre superviseur.}}',
    goesToSupervisor:
      "{count, plural, one {Cette ressource officielle vous appartient encore. S''il s''agit d''un compte de service, il passe à votre superviseur.} other {Ces # ressources officielles vous appartiennent encore. Les comptes de service parmi elles passent à votre superviseur.}}",
    resources: '{count, plural, one {cette ressource officielle} other {ces # ressources officielles}}',
    moreOwned: '{count, plural, one {… et une de plus.} other {… et # de plus.}}',
    receivedSubject:
      '{count, plural, one {Un compte de service vous a été transféré} other {# comptes de service vous ont été transférés}}',
    received:
      '{count, plural, one {Vous êtes désormais propriétaire de ce compte de service, et son courrier vous parvient :} other {Vous êtes désormais propriétaire de ces # comptes de service, et leur courrier vous parvient :}}',
  },
  causes: {
    'fallback-owner': {
      title: 'compte de service sans superviseur pour le reprendre',
      text: "Le propriétaire est parti et personne dans la hiérarchie n'a pu reprendre le compte de service. Le propriétaire de secours l'a reçu. Merci de trouver le bon propriétaire.",
    },
    'no-address': {
      title: 'personne à qui envoyer un avis',
      text: "Un avis n'a pas pu être envoyé : ni la personne ni un superviseur n'a d'adresse utilisable. Merci d'informer la personne de ce qui va se passer.",
    },
    'no-guest-address': {
      title: "pas d'adresse externe pour un compte invité",
      text: "La personne est partie et aucun compte invité n'a pu être créé : l'adresse externe manque, est une des nôtres ou appartient à une autre personne. Merci de trouver un moyen de la joindre : un administrateur peut associer une identité qu'elle a ailleurs (guest associate).",
    },
  },
  outcomes: {
    approved:
      'La personne proposée a accepté. Le compte lui appartient désormais, et son courrier lui parvient.',
    rejected: 'La personne proposée a refusé. Rien n’a été modifié.',
    withdrawn: 'La demande a été retirée. Rien n’a été modifié.',
    lapsed: 'La personne proposée n’a pas répondu à temps. Rien n’a été modifié.',
    impossible:
      'La personne proposée a accepté, mais ne peut plus être propriétaire du compte. Rien n’a été modifié.',
  },
  notices: {
    'leaving-soon': {
      subject: 'Votre compte {{organisation}} : votre dernier jour est le {{lastDayShort}}',
      body: [
        'Votre dernier jour ({{organisation}}) est le {{lastDay}}. Cet avis concerne {{yourAccounts}} :',
        { list: 'logins' },
        'Voici ce qui va se passer :',
        {
          items: [
            'Le {{lastDay}} : votre dernier jour.{{#if blockOn}} Vous pourrez encore vous connecter quelque temps.{{/if}}',
            `{{#if blockOn}}${BLOCK} Sauvegardez avant cette date ce dont vous avez besoin.{{/if}}`,
            `{{#if deleteOn}}${DELETE}{{/if}}`,
          ],
        },
        '{{toReassign}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        OTHERS_UNKNOWN,
        '{{#if proposals}}Pour proposer le nouveau propriétaire d’un compte de service, ouvrez sa page. Vous seul(e) devriez avoir ces adresses, valables jusqu’à votre départ\u00a0:{{/if}}',
        { list: 'proposals' },
        DATES_FOLLOW_HR,
      ],
    },
    'has-left': {
      subject: 'Votre départ ({{organisation}}) : ce que devient votre compte',
      body: [
        'Votre dernier jour ({{organisation}}) était le {{lastDay}}. Cet avis concerne {{yourAccounts}} :',
        { list: 'logins' },
        '{{#if hasDates}}Voici la suite :{{/if}}',
        {
          items: [
            `{{#if blockOn}}${BLOCK} Sauvegardez avant cette date ce dont vous avez besoin.{{/if}}`,
            `{{#if deleteOn}}${DELETE}{{/if}}`,
          ],
        },
        '{{goesToSupervisor}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        OTHERS_UNKNOWN,
        'Vous restez, ou vous revenez ? Signalez-le vite à votre secrétariat : nous suivons les données des ressources humaines.',
      ],
    },
    'all-clear': {
      subject: "Votre compte {{organisation}} : la date annoncée n'est plus valable",
      body: [
        "{{#if announcedLastDay}}Nous vous avions annoncé le {{announcedLastDay}} comme dernier jour. Ce n'est plus le cas.{{else}}Le dernier jour que nous vous avions annoncé n'est plus valable.{{/if}}",
        `${NEW_LAST_DAY} Vous n'avez rien à faire. Cet avis concerne {{yourAccounts}}\u00a0:`,
        { list: 'logins' },
      ],
    },
    returned: {
      subject: 'Bon retour : votre compte {{organisation}} est rouvert',
      body: [
        "Bon retour parmi nous. L'accès est rouvert pour {{yourAccounts}} :",
        { list: 'logins' },
        "Les appartenances aux groupes qui ont été supprimées et les comptes de service qui ont été transférés ne reviennent pas d'eux-mêmes. S'il vous en manque, demandez aux propriétaires des groupes de vous y ajouter, et aux nouveaux propriétaires des comptes de service de vous les rendre. L'accès invité par une identité externe a pris fin : connectez-vous de nouveau avec votre compte.",
        NEW_LAST_DAY,
      ],
    },
    'hold-ends': {
      subject:
        '{{#if toActor}}La suspension que vous avez posée se termine le {{untilShort}}{{else}}La suspension du calendrier de votre compte se termine le {{untilShort}}{{/if}}',
      body: [
        '{{#if toActor}}Vous avez suspendu le calendrier de départ pour {{accountsOf}} de {{person}}. Cette suspension se termine le {{until}}.{{else}}Le calendrier de départ est suspendu pour {{yourAccounts}}. Cette suspension se termine le {{until}}.{{/if}}',
        { list: 'logins' },
        'Dès le lendemain, le calendrier compte de nouveau, et ce qui est en retard est exécuté.',
        '{{#if toActor}}Si elle est encore nécessaire, posez-la de nouveau avant cette date.{{/if}}',
      ],
    },
    'admin-date-ends': {
      subject:
        '{{#if toActor}}La prolongation que vous avez accordée se termine le {{untilShort}}{{else}}La prolongation de votre compte se termine le {{untilShort}}{{/if}}',
      body: [
        "{{#if toActor}}Vous avez prolongé {{accountsOf}} de {{person}} jusqu'au {{until}}.{{else}}Un administrateur a prolongé {{yourAccounts}} jusqu'au {{until}}.{{/if}}",
        { list: 'logins' },
        "Sauf changement d'ici là dans les données des ressources humaines, ce sera le dernier jour, et les étapes habituelles d'un départ suivront.",
        "{{#if toActor}}S'il faut plus de temps, fixez une date ultérieure avant ce jour.{{/if}}",
      ],
    },
    'supervisor-resources': {
      subject:
        '{{#if resources}}{{person}} possède encore des ressources officielles{{else}}Ressources officielles de {{person}}\u00a0: à vérifier{{/if}}',
      body: [
        '{{#if hasLeft}}Le dernier jour de {{person}}, que vous supervisez, était le {{lastDay}}.{{else}}Le dernier jour de {{person}}, que vous supervisez, est le {{lastDay}}.{{/if}}{{#if resources}} {{person}} possède encore {{resources}} :{{/if}}',
        { list: 'stillOwned' },
        '{{moreOwned}}',
        '{{#if othersUnknown}}Ce que {{person}} possède officiellement en plus des comptes de service n’a pas pu être listé cette fois. Merci de le demander, et de veiller à sa reprise.{{/if}}',
        '{{#if resources}}{{#if hasLeft}}Les comptes de service parmi elles vous sont transférés.{{else}}Merci de veiller à leur réattribution avant ce jour. Les comptes de service restants vous seront transférés.{{/if}}{{/if}}',
      ],
    },
    'service-account-received': {
      subject: '{{receivedSubject}}',
      body: [
        '{{received}}',
        { list: 'logins' },
        "{{#if previousOwner}}Jusqu'ici, le propriétaire était {{previousOwner}}.{{/if}}",
        "Quelqu'un d'autre devrait en être responsable ? Réattribuez alors ce qui lui revient ; le nouveau propriétaire devra accepter.",
      ],
    },
    'reassignment-asked': {
      subject:
        '{{#if isReminder}}Rappel\u00a0: votre réponse{{else}}Votre réponse{{/if}} est attendue\u00a0: compte de service {{login}}',
      body: [
        '{{#if owner}}Ce compte de service appartient à {{owner}}, et vous avez été proposé(e) comme nouveau propriétaire\u00a0:{{else}}Vous avez été proposé(e) comme nouveau propriétaire de ce compte de service\u00a0:{{/if}}',
        { list: 'logins' },
        'Le propriétaire est responsable du compte, et en reçoit le courrier. Rien ne se passe sans votre accord.',
        '{{#if link}}Pour voir la demande et y répondre, ouvrez cette page. Elle sert pour une seule réponse, et vous seul(e) devriez en avoir l’adresse\u00a0: {{link}}{{else}}Pour répondre, écrivez depuis votre propre adresse aux responsables des comptes, en citant la demande {{requestId}}.{{/if}}',
        'Sans réponse de votre part, la demande prend fin le {{lapsesAt}}.',
      ],
    },
    'reassignment-owner-changed': {
      subject: 'Compte de service {{login}}\u00a0: le propriétaire a changé, et votre réponse reste attendue',
      body: [
        'Vous avez été proposé(e) comme nouveau propriétaire de ce compte de service, et n’avez pas encore répondu\u00a0:',
        { list: 'logins' },
        'Son propriétaire est parti entre-temps.{{#if owner}} Il appartient désormais à {{owner}}.{{/if}} Vous pouvez toujours accepter ou refuser, comme l’indique le premier message.',
      ],
    },
    'reassignment-outcome': {
      subject: 'Réattribution du compte de service {{login}}\u00a0: résultat',
      body: [
        '{{#if toProposed}}Vous aviez été proposé(e) comme nouveau propriétaire de ce compte de service\u00a0:{{else}}Un nouveau propriétaire avait été proposé pour ce compte de service{{#if newOwner}}\u00a0: {{newOwner}}{{/if}}.{{/if}}',
        { list: 'logins' },
        '{{outcome}}',
        '{{#if why}}Motif\u00a0: {{why}}.{{/if}}',
      ],
    },
    'service-desk-case': {
      subject: 'Cas : {{causeTitle}} (personne {{personId}})',
      body: [
        '{{causeText}}',
        'Numéro de personne : {{personId}}',
        '{{#if hasLogins}}Comptes :{{/if}}',
        { list: 'logins' },
      ],
    },
    'held-plan': {
      subject: 'Approbation nécessaire : {{held}} changements des RH en attente',
      body: [
        "La dernière synchronisation avec les RH retirerait plus que le garde-fou ne laisse passer. Rien de cela n'a été appliqué ; les arrivées, prolongations, retours et corrections l'ont été.",
        { list: 'because' },
        'En attente, par identifiant de personne :',
        { list: 'rows' },
        '{{#if more}}… et {{more}} de plus.{{/if}}',
        'Le tout : npm run lifecycle -- plan show {{planId}}',
        "Pour l'appliquer : npm run lifecycle -- plan approve {{planId}} --actor VOUS --reason POURQUOI. Pour le refuser : de même avec reject. Le workflow plan-approval/{{planId}} accepte aussi les deux.",
        "Une synchronisation plus récente avec d'autres changements prend sa place. Sans décision, il expire le {{lapsesAt}}.",
      ],
    },
    alarm: {
      subject: 'Alarme : {{key}}',
      body: [
        '{{message}}',
        'Première apparition : {{firstSeen}}.',
        "Une alarme n'est envoyée qu'une fois. La liste des alarmes ouvertes dit si elle est terminée.",
      ],
    },
  },
};
