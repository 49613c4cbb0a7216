/* SPDX-License-Identifier: Apache-2.0 */
/* The table of words. Columns come as "column.ID", reports as "report.NAME", words in cells as "word.ID". */
#include "hub/report_words.h"

#include <string.h>

static const struct {
    const char *id, *words[HUB_LANGUAGES];
} table[] = {
    {"report.usage-users", {"Usage by user", "Utilisation par utilisateur", "Nutzung je Benutzer"}},
    {"report.usage-groups", {"Usage by group of people", "Utilisation par groupe de personnes", "Nutzung je Personengruppe"}},
    {"report.usage-queues", {"Usage by queue", "Utilisation par file", "Nutzung je Warteschlange"}},
    {"report.usage-machines", {"Usage by computer", "Utilisation par ordinateur", "Nutzung je Computer"}},
    {"report.usage-devices", {"Usage by device", "Utilisation par imprimante", "Nutzung je Drucker"}},
    {"report.usage-device-groups", {"Usage by device group", "Utilisation par groupe d’imprimantes", "Nutzung je Druckergruppe"}},
    {"report.usage-accounts", {"Usage by account", "Utilisation par compte", "Nutzung je Konto"}},
    {"report.usage-sites", {"Usage by site", "Utilisation par site", "Nutzung je Standort"}},
    {"report.rates", {"Colour and duplex rates", "Taux de couleur et de recto verso", "Farb- und Duplexanteil"}},
    {"report.costs", {"Cost by account", "Coûts par compte", "Kosten je Konto"}},
    {"report.environment", {"Environment", "Environnement", "Umwelt"}},
    {"report.violations", {"Violations", "Infractions", "Verstöße"}},
    {"report.savings", {"Savings by rules", "Économies par les règles", "Ersparnis durch Regeln"}},
    {"report.duplex", {"Paper saved by duplex", "Papier économisé par le recto verso", "Papierersparnis durch Duplex"}},
    {"report.meters", {"Meters for billing", "Compteurs pour facturation", "Zähler für die Abrechnung"}},
    {"report.supplies", {"Supplies to order", "Consommables à commander", "Material zu bestellen"}},
    {"report.agents", {"Agent health", "État des agents", "Zustand der Agenten"}},

    {"column.user", {"User", "Utilisateur", "Benutzer"}},
    {"column.queue", {"Queue", "File", "Warteschlange"}},
    {"column.machine", {"Computer", "Ordinateur", "Computer"}},
    {"column.site", {"Site", "Site", "Standort"}},
    {"column.group", {"Group", "Groupe", "Gruppe"}},
    {"column.people", {"People", "Personnes", "Personen"}},
    {"column.devices", {"Devices", "Imprimantes", "Drucker"}},
    {"column.unread", {"Not read", "Non relevées", "Nicht gelesen"}},
    {"column.account", {"Account", "Compte", "Konto"}},
    {"column.currency", {"Currency", "Devise", "Währung"}},
    {"column.jobs", {"Jobs", "Travaux", "Aufträge"}},
    {"column.pages", {"Pages", "Pages", "Seiten"}},
    {"column.color_pages", {"In colour", "En couleur", "Farbig"}},
    {"column.sheets", {"Sheets", "Feuilles", "Blätter"}},
    {"column.before", {"Pages before", "Pages avant", "Seiten davor"}},
    {"column.color_rate", {"Colour", "Couleur", "Farbe"}},
    {"column.duplex_pages", {"On both sides", "Recto verso", "Beidseitig"}},
    {"column.duplex_rate", {"Duplex", "Recto verso", "Duplex"}},
    {"column.saved", {"Sheets saved", "Feuilles économisées", "Gesparte Blätter"}},
    {"column.cost", {"Cost", "Coût", "Kosten"}},
    {"column.unpriced", {"Without a price", "Sans prix", "Ohne Preis"}},
    {"column.trees", {"Trees", "Arbres", "Bäume"}},
    {"column.co2", {"CO2 equivalent", "Équivalent CO2", "CO2-Äquivalent"}},
    {"column.water", {"Water", "Eau", "Wasser"}},
    {"column.rule", {"Rule", "Règle", "Regel"}},
    {"column.action", {"Action", "Action", "Aktion"}},
    {"column.outcome", {"Outcome", "Résultat", "Ergebnis"}},
    {"column.device", {"No.", "N°", "Nr."}},
    {"column.name", {"Name", "Nom", "Name"}},
    {"column.model", {"Model", "Modèle", "Modell"}},
    {"column.serial", {"Serial number", "N° de série", "Seriennummer"}},
    {"column.meter", {"Meter", "Compteur", "Zähler"}},
    {"column.first_at", {"From", "Du", "Von"}},
    {"column.first", {"Start", "Début", "Anfang"}},
    {"column.last_at", {"To", "Au", "Bis"}},
    {"column.last", {"End", "Fin", "Ende"}},
    {"column.counted", {"Counted", "Compté", "Gezählt"}},
    {"column.target", {"Target", "Prévu", "Soll"}},
    {"column.note", {"Note", "Remarque", "Hinweis"}},
    {"column.supply", {"Supply", "Consommable", "Material"}},
    {"column.part", {"Part", "Référence", "Bestellnummer"}},
    {"column.catalogue_part", {"To order", "À commander", "Zu bestellen"}},
    {"column.pages_left", {"Pages left (est.)", "Pages restantes (est.)", "Seiten übrig (gesch.)"}},
    {"column.percent", {"Level", "Niveau", "Stand"}},
    {"column.days", {"Days left", "Jours restants", "Tage übrig"}},
    {"column.read_at", {"Read", "Relevé", "Gelesen"}},
    {"column.os", {"System", "Système", "System"}},
    {"column.version", {"Version", "Version", "Version"}},
    {"column.state", {"State", "État", "Status"}},
    {"column.last_seen", {"Last seen", "Vu", "Zuletzt gesehen"}},
    {"column.records", {"Records", "Relevés", "Datensätze"}},
    {"column.certificate_to", {"Certificate until", "Certificat jusqu’au", "Zertifikat bis"}},

    {"word.printed", {"printed", "imprimé", "gedruckt"}},
    {"word.failed", {"failed", "échoué", "fehlgeschlagen"}},
    {"word.cancelled", {"cancelled", "annulé", "abgebrochen"}},
    {"word.refused", {"refused", "refusé", "abgelehnt"}},
    {"word.aborted", {"aborted", "interrompu", "abgerissen"}},
    {"word.converted", {"converted", "converti", "umgewandelt"}},
    {"word.asked", {"asked", "demandé", "gefragt"}},
    {"word.redirected", {"redirected", "redirigé", "umgeleitet"}},
    {"word.held", {"held", "retenu", "angehalten"}},
    {"word.denied", {"denied", "interdit", "verweigert"}},
    {"word.reset", {"began anew", "remis à zéro", "begann neu"}},
    {"word.doubt", {"impossible number", "valeur impossible", "unmöglicher Wert"}},
    {"word.begin", {"not read before", "pas relevé avant", "davor nicht gelesen"}},
    {"word.end", {"not read at the end", "pas relevé à la fin", "am Ende nicht gelesen"}},
    {"word.active", {"active", "actif", "aktiv"}},
    {"word.silent", {"silent", "muet", "stumm"}},
    {"word.revoked", {"revoked", "révoqué", "gesperrt"}},
    {"word.expired", {"certificate over", "certificat expiré", "Zertifikat abgelaufen"}},
    {"word.expires", {"certificate ends soon", "certificat bientôt expiré", "Zertifikat läuft ab"}},

    {"text.total", {"Total", "Total", "Summe"}},
    {"text.period", {"{from} to {to} (UTC)", "du {from} au {to} (UTC)", "{from} bis {to} (UTC)"}},
    {"text.now", {"As of {to} (UTC)", "État au {to} (UTC)", "Stand {to} (UTC)"}},
    {"text.none", {"Nothing in this period.", "Rien pour cette période.", "Nichts in diesem Zeitraum."}},
    {"text.more",
     {"Only the first rows are shown; the total counts all.", "Seules les premières lignes sont affichées\u00a0; le total compte tout.",
      "Nur die ersten Zeilen sind gezeigt; die Summe zählt alle."}},
    {"text.trend", {"Pages", "Pages", "Seiten"}},
    {"text.page", {"Page", "Page", "Seite"}},
    {"text.of", {"of", "sur", "von"}},
    {"text.all", {"All sites", "Tous les sites", "Alle Standorte"}},
    {"issued.meters", {"Meter receipt", "Relevé de compteurs", "Zählerbeleg"}},
    {"issued.supplies", {"Supplies to order", "Consommables à commander", "Material zu bestellen"}},
    {"text.number", {"Number:", "Numéro\u00a0:", "Nummer:"}},
    {"text.replaces", {"In place of number", "Remplace le numéro", "Anstelle von Nummer"}},
    {"text.signer", {"Signed by the certificate with the SHA-256", "Signé par le certificat de SHA-256", "Signiert vom Zertifikat mit dem SHA-256"}},
    {"text.signature",
     {"Signature of the file of the same number:", "Signature du fichier de même numéro\u00a0:", "Signatur der Datei gleicher Nummer:"}},
    {"text.verify",
     {"What counts is the signed file: platen receipt verify FILE says whether it is unchanged.",
      "C’est le fichier signé qui fait foi\u00a0: platen receipt verify FILE dit s’il est inchangé.",
      "Maßgeblich ist die signierte Datei: platen receipt verify FILE sagt, ob sie unverändert ist."}},
    {"mail.attached",
     {"The report is attached. In the console it is here:", "Le rapport est joint. Dans la console, il est ici\u00a0:",
      "Der Bericht hängt an. In der Konsole steht er hier:"}},
    {"mail.link",
     {"The report is too large for a mail. It is here:", "Le rapport est trop volumineux pour un courriel. Il est ici\u00a0:",
      "Der Bericht ist zu groß für eine Mail. Er steht hier:"}},
    {"mail.late",
     {"It was due at {due} and comes late, for no hub could make it then.",
      "Il était prévu pour {due} et arrive en retard, car aucun hub ne pouvait le produire alors.",
      "Er war fällig um {due} und kommt verspätet, weil ihn da kein Hub erstellen konnte."}},
    {"mail.missed",
     {"Reports that were due before it and are left out: {missed}.", "Rapports prévus auparavant et omis\u00a0: {missed}.",
      "Davor fällige Berichte, die entfallen: {missed}."}},
    {"mail.why",
     {"You get this because {author} entered your address for the schedule \"{name}\" of {tenant}. Who no longer wants it asks for the address "
      "to be taken out there.",
      "Vous recevez ceci parce que {author} a inscrit votre adresse pour l’envoi «\u00a0{name}\u00a0» de {tenant}. Pour ne plus le recevoir, "
      "demandez que l’adresse y soit retirée.",
      "Sie erhalten dies, weil {author} Ihre Adresse für den Versand „{name}“ von {tenant} eingetragen hat. Wer ihn nicht mehr möchte, lässt "
      "die Adresse dort herausnehmen."}},
    {"text.impact",
     {"Sheets times published factors: an illustration, no balance of emissions (docs/policy.md, \"Environment\").",
      "Feuilles fois des facteurs publiés\u00a0: une illustration, pas un bilan d’émissions (docs/policy.md, «\u00a0Environment\u00a0»).",
      "Blätter mal veröffentlichte Faktoren: eine Veranschaulichung, keine Emissionsbilanz (docs/policy.md, „Environment“)."}},
};

int hub_language_of(const char *tag)
{
    return strncmp(tag, "fr", 2) == 0 ? HUB_FRENCH : strncmp(tag, "de", 2) == 0 ? HUB_GERMAN : HUB_ENGLISH;
}

const char *hub_language_tag(int language)
{
    static const char *const tags[HUB_LANGUAGES] = {"en", "fr", "de"};
    return tags[language];
}

bool hub_report_word_there(const char *id)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].id, id) == 0) return true;
    return false;
}

const char *hub_report_word(const char *id, int language)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].id, id) == 0) return table[i].words[language];
    return id;
}
