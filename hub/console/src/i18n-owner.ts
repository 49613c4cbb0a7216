// SPDX-License-Identifier: Apache-2.0
//
// The texts of one's own jobs and of print names: a part of the one table of i18n.ts, whose rules hold here.

export const ownerTexts = {
    "page.mine": ["My jobs", "Mes travaux", "Meine Aufträge"],
    "mine.as": ["You print as {names}", "Vous imprimez sous le nom de {names}", "Sie drucken als {names}"],
    "mine.nobody": ["Your account has no print name", "Votre compte n’a pas de nom d’impression", "Ihr Konto hat keinen Drucknamen"],
    "mine.nobody.text": [
        "The hub does not know which jobs are yours. Ask an administrator to enter the name that you print under on the page Users.",
        "Le hub ne sait pas quels travaux sont les vôtres. Demandez à un administrateur d’inscrire le nom sous lequel vous imprimez, à la page Utilisateurs.",
        "Der Hub weiß nicht, welche Aufträge Ihre sind. Bitten Sie einen Administrator, auf der Seite Benutzer den Namen einzutragen, unter dem Sie drucken.",
    ],
    "mine.none": ["No job of yours is held", "Aucun de vos travaux n’est retenu", "Keiner Ihrer Aufträge ist angehalten"],
    "mine.none.text": [
        "Jobs that a rule holds stand here until you release them. A PC that is off or away tells its jobs when it is back.",
        "Les travaux qu’une règle retient apparaissent ici jusqu’à ce que vous les libériez. Un PC éteint ou absent annonce les siens à son retour.",
        "Aufträge, die eine Regel anhält, stehen hier, bis Sie sie freigeben. Ein PC, der aus oder fort ist, meldet seine, sobald er wieder da ist.",
    ],
    "mine.asks": ["Released; your PC asks you something first", "Libéré\u00a0; votre PC vous pose d’abord une question", "Freigegeben; Ihr PC fragt Sie zuerst etwas"],
    "mine.release.text": [
        "It prints on {printer} now. Be there first if nobody else is to see it.",
        "L’impression part maintenant sur {printer}. Soyez-y d’abord si personne d’autre ne doit la voir.",
        "Er wird jetzt auf {printer} gedruckt. Gehen Sie erst hin, wenn niemand anderes ihn sehen soll.",
    ],
    "mine.drop.text": ["It is deleted on its PC and never prints. It costs nothing.", "Il est supprimé sur son PC et ne sera jamais imprimé. Il ne coûte rien.", "Er wird auf seinem PC gelöscht und nie gedruckt. Er kostet nichts."],
    "mine.last": ["Your last jobs", "Vos derniers travaux", "Ihre letzten Aufträge"],
    "mine.last.none": ["You have printed nothing in the last thirty days.", "Vous n’avez rien imprimé ces trente derniers jours.", "Sie haben in den letzten dreißig Tagen nichts gedruckt."],

    "names.title": ["Print names", "Noms d’impression", "Drucknamen"],
    "names.text": [
        "The names that this person prints under, written as the list of jobs shows them. They let the person see their own jobs, and release or cancel held ones.",
        "Les noms sous lesquels cette personne imprime, écrits comme la liste des travaux les montre. Ils lui laissent voir ses propres travaux, et libérer ou annuler ceux qui sont retenus.",
        "Die Namen, unter denen diese Person druckt, so geschrieben, wie die Liste der Aufträge sie zeigt. Damit sieht sie ihre eigenen Aufträge und kann angehaltene freigeben oder abbrechen.",
    ],
    "names.name": ["Print name {n}", "Nom d’impression {n}", "Druckname {n}"],
    "names.tenant": ["Tenant of print name {n}", "Client du nom d’impression {n}", "Mandant des Drucknamens {n}"],
    "names.choose": ["Choose a tenant", "Choisissez un client", "Mandanten wählen"],
    "names.remove": ["Remove print name {n}", "Supprimer le nom d’impression {n}", "Drucknamen {n} entfernen"],
    "names.add": ["Add a print name", "Ajouter un nom d’impression", "Drucknamen hinzufügen"],
    "names.given": ["in {tenant}, from single sign-on", "chez {tenant}, par l’authentification unique", "bei {tenant}, aus der Einmalanmeldung"],
    "names.count": ["{n} print name|{n} print names", "{n} nom d’impression|{n} noms d’impression", "{n} Druckname|{n} Drucknamen"],
    "signon.names": ["Claim with the print name (empty: none)", "Attribut qui contient le nom d’impression (vide\u00a0: aucun)", "Claim mit dem Drucknamen (leer: keiner)"],
    "signon.names.text": [
        "Only a claim that your administrators set, such as upn: whoever can change it could release other people’s jobs.",
        "Seulement un attribut que vos administrateurs fixent, comme upn\u00a0: qui peut le changer pourrait libérer les travaux d’autrui.",
        "Nur ein Claim, den Ihre Administratoren setzen, etwa upn: Wer ihn ändern kann, könnte fremde Aufträge freigeben.",
    ],
    "problem.print-name-taken": ["A print name belongs to one account", "Un nom d’impression appartient à un seul compte", "Ein Druckname gehört zu einem Konto"],
    "problem.print-name-taken.remedy": ["Take it off the account that has it first.", "Retirez-le d’abord au compte qui l’a.", "Nehmen Sie ihn zuerst dem Konto, das ihn hat."],
} as const satisfies Record<string, readonly [string, string, string]>;
