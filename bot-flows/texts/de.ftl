# Alles, was der Bot auf Deutsch sagt: Sie-Form, der Betrag zuerst. Jeder Text steht an derselben Stelle wie in en.ftl
# und nimmt dieselben Werte; `balancebot check` meldet, was fehlt.

## Woraus andere Texte bestehen

list-and = und
span-today = heute
span-since = seit { $day }
span-until = bis { $day }
span-all = alle Tage
category-rent = Miete
category-groceries = Lebensmittel
category-coffee = Kaffee
category-dining = Restaurants
category-shopping = Einkäufe
category-entertainment = Unterhaltung
category-transport = Bus und Bahn
category-travel = Reisen
category-fuel = Tanken
category-utilities = Strom, Wasser und Telefon
category-health = Gesundheit
category-services = Dienstleistungen
category-education = Bildung
category-gifts = Geschenke
category-cash = Bargeld
category-fees = Gebühren
category-insurance = Versicherungen
category-income = Einkommen
category-transfer = Überweisungen an andere
category-uncategorised = Zahlungen ohne Kategorie

# Tage, wie sie nach „5,00 € haben Sie“ stehen.
when-this-month = bisher in diesem Monat ({ $span })
when-this-week = bisher in dieser Woche ({ $span })
when-so-far = bisher ({ $span })
when-today = heute
when-yesterday = gestern ({ $span })
when-day = am { $span }
when-month = im { $span }
when-days = in der Zeit { $span }
when-since = seit dem { $day }
when-until = bis zum { $day }
when-all = soweit Ihre Banken zurückreichen

# Wovon eine Summe handelt; jedes trägt den Rest hinter sich.
about-merchant = {" "}bei { $what }{ $rest }
about-category = {" "}für { $what }{ $rest }
about-except = {" "}ohne { $what }{ $rest }
about-account = {" "}über { $what }{ $rest }
and-others = { $count ->
    [one] 1 weitere
   *[other] { $count } weitere
  }

## Wie alt Beträge sind, und was fehlt

as-of = Stand: { $moment }.
as-of-bank = { $bank }: Stand { $moment }.
trouble-still = Es ist noch immer so:
trouble-down = { $bank } antwortet gerade nicht.
trouble-account = { $bank } hat für { $account } gerade nichts geliefert.
trouble-slow = { $bank } hat nicht rechtzeitig geantwortet.
trouble-rate-limited = { $bank } lässt mich im Moment nicht noch einmal fragen.
trouble-rate-limited-until = { $bank } lässt mich vor { $until } nicht noch einmal fragen.
trouble-consent-ended = Ihre Zustimmung für { $bank } ist abgelaufen.
trouble-unconfirmed = Nach dem { $until } lese ich { $bank } nicht mehr: Zum Weiterlesen brauche ich Ihr Ja.
trouble-not-covered = Mein Zugang zu { $bank } umfasst das nicht.
trouble-switched-off = Das Lesen bei { $bank } ist im Moment abgeschaltet.
trouble-stopped-by-bank = { $bank } hat meinen Zugang gestoppt (seit { $since }). Bis das aufgehoben ist, lese ich dort nichts.
trouble-stopped-by-us = Wir haben das Lesen bei { $bank } gestoppt (seit { $since }). Bis das aufgehoben ist, lese ich dort nichts.
trouble-stopped-others = Alles von { $banks } funktioniert wie immer.
trouble-nothing = Deshalb kann ich Ihnen keinen Betrag zeigen.
not-included = Nicht enthalten: { $sources }.
kept-from = Ihre Bank zeigt nichts vor dem { $day }, deshalb beginnt es dort.
outside-history = Ihre Bank zeigt nichts vor dem { $day }; zu diesem Zeitraum ({ $span }) kann ich nichts sagen.
period-future = Diese Zeit liegt noch vor uns ({ $span }), deshalb gibt es nichts zu zeigen.

## Konten, die es nicht gibt

no-such-account = Ich sehe bei Ihnen kein Konto namens „{ $words }“.
bank-not-linked = { $bank } ist hier nicht verbunden.
no-accounts = Ich sehe unter Ihren verbundenen Konten kein solches.
your-accounts = Ihre Konten: { $accounts }.
ask-which-account = Welches Konto meinen Sie? Ich sehe { $accounts }.

## Kontostände

balance-available = { $money } verfügbar auf { $account }.
balance-booked = { $money } gebucht auf { $account }.
balance-overdrawn = { $money } auf { $account }: Das Konto ist überzogen.
balance-owed = { $money } offen auf { $account }.
balance-in-credit = { $money } zu viel bezahlt auf { $account }: Es ist nichts offen.
balance-now = So steht es jetzt; wie es { $when } stand, kann ich nicht sagen.
balance-untold = { $bank } nennt für { $account } keinen Kontostand.
balance-booked-besides = Gebuchter Kontostand: { $money }.
line-available = { $account }: { $money } verfügbar
line-booked = { $account }: { $money } gebucht
line-overdrawn = { $account }: { $money } (überzogen)
line-owed = { $account }: { $money } offen
line-in-credit = { $account }: { $money } zu viel bezahlt, nichts offen
line-untold = { $account }: { $bank } nennt keinen Kontostand

## Summen

total = Insgesamt haben Sie { $sum }, verfügbar bei { $banks }.
total-below = Insgesamt sind es { $sum } bei { $banks }: Das ist überzogen.
total-below-partial = { $sum } bei { $banks }: Das ist überzogen.
total-apart = { $sum } verfügbar bei { $banks }. Die Währungen stehen getrennt.
total-partial = { $sum } verfügbar bei { $banks }.
total-owed = Offen sind { $owed } bei { $banks }; das ist nicht abgezogen.
total-overpaid = { $sum } zu viel bezahlt bei { $banks }; das ist nicht dazugezählt.
total-untold = { $bank } nennt für { $account } keinen Kontostand; das Konto ist nicht enthalten.
total-owed-only = Offen sind { $owed } bei { $banks }.
total-none = Ich sehe kein Giro-, Spar-, Karten- oder Kreditkonto, das ich zusammenzählen könnte.
total-booked = Ihre Bank nennt nur den gebuchten Stand von { $accounts }; deshalb zählt hier dieser.
net = { $net } netto: { $available } verfügbar minus { $owed } offen.
net-partial = { $net } netto, soweit ich sehe: { $available } verfügbar minus { $owed } offen.
net-banks = Gelesen bei { $banks }.
total-converted = In einer Währung sind das { $sum }, mit { $rates } vom { $day }.
rate = 1 { $of } = { $rate } { $into }
no-conversion = Ich rechne Währungen nicht um; jede steht für sich.

## Karten und Kredite

card-due = { $day }: Dann ist die nächste Zahlung für { $account } fällig.
card-minimum = Der Mindestbetrag ist { $money }.
card-statement = Der Abrechnungsbetrag ist { $money }.
card-limit = { $limit } ist der Kreditrahmen von { $account }.
card-unused = Davon sind { $money } ungenutzt.
card-over-limit = Er ist um { $money } überschritten.
card-none = Ich sehe unter Ihren verbundenen Konten keine Karte und keinen Kredit.
card-untold-owed = { $bank } nennt für { $account } keinen offenen Betrag.
card-untold-due = { $bank } nennt für { $account } keinen Fälligkeitstag.
card-untold-limit = { $bank } nennt für { $account } keinen Kreditrahmen.

## Ausgaben

spend-sum = { $sum } haben Sie { $when }{ $about } ausgegeben, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }.
spend-zero = { $sum } haben Sie { $when }{ $about } ausgegeben: Es gibt keine Zahlungen.
spend-zero-partial = In dem, was ich lesen konnte, sehe ich { $when }{ $about } keine Zahlungen.
spend-back = { $sum } haben Sie { $when }{ $about } mehr zurückbekommen als bezahlt.
spend-pending = Davon noch vorgemerkt: { $sum } ({ $names }).
spend-pending-all = Alles davon ist noch vorgemerkt ({ $names }).
spend-refunds = Erstattungen von { $sum } sind schon abgezogen ({ $names }).
spend-received = { $sum }, die andere Ihnen geschickt haben, sind schon abgezogen ({ $names }).
own-left-out = Überträge zwischen Ihren eigenen Konten und Kartenzahlungen ({ $sum }) zählen nicht mit.
no-such-merchant = Ich sehe keine Zahlungen bei „{ $word }“{ $when }.
no-such-merchant-when = {" "}{ $when }

compare-now = { $sum } haben Sie { $when }{ $about } ausgegeben.
compare-more = Das sind { $difference } mehr als die { $before } davor ({ $span }).
compare-less = Das sind { $difference } weniger als die { $before } davor ({ $span }).
compare-same = Das ist so viel wie davor: { $before } ({ $span }).
compare-whole = Der ganze Zeitraum ({ $span }): { $sum }.

top-head = { $sum } haben Sie { $when }{ $about } ausgegeben. Das meiste davon:
top-line = { $name }: { $money }
top-more = und { $count ->
    [one] 1 weiterer Posten
   *[other] { $count } weitere Posten
  }
trend-months = { $sum } haben Sie { $when }{ $about } ausgegeben. Monat für Monat:
trend-weeks = { $sum } haben Sie { $when }{ $about } ausgegeben. Woche für Woche:
trend-line = { $span }: { $money }
trend-line-so-far = { $span } (bis heute): { $money }
chart-title = Ausgaben{ $about } · { $span }
chart-so-far = bis heute

## Zeilen

row = { $day }: { $name }, { $money }{ $way ->
    [in] {" "}Eingang
    [refund] {" "}zurück
    [own-in] {" "}Eingang, zwischen Ihren Konten
    [own-out] , zwischen Ihren Konten
    [check] , eine Kartenprüfung
   *[out] {""}
  }{ $original }{ $account }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }
row-account = , { $account }
row-original = {" "}({ $money })
list-head = Letzte Umsätze{ $about }:
list-head-earlier = Frühere Umsätze{ $about }:
list-head-when = Umsätze{ $about } ({ $span }):
list-none = Ich sehe { $when } keine Zahlungen{ $about }.
list-none-amount = Ich sehe { $when } keinen Umsatz in dieser Höhe{ $about }.
search-head = { $count ->
    [one] 1 Umsatz passt:
   *[other] { $count } Umsätze passen:
  }
search-one = { $money } { $way ->
    [in] von { $name }
    [refund] zurück von { $name }
    [own-in] Eingang, { $name },
    [own-out] Ausgang, { $name },
    [check] geprüft von { $name }
   *[out] an { $name }
  } am { $day }, { $account }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }.
nothing-more = Das war alles.
nothing-to-continue = Es gibt keine Liste, die ich fortsetzen könnte.

## Was hereinkommt, und was zurückkommt

every-week = jede Woche
every-two-weeks = alle 2 Wochen
every-month = jeden Monat
every-quarter = alle 3 Monate
every-half-year = alle 6 Monate
every-year = jedes Jahr
payment-of-day = { $money } ({ $day })

income-latest = { $money } kamen am { $day } von { $name }, { $account }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }.
income-sum = { $sum } haben Sie { $when }{ $about } erhalten, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }:
income-none = Ich sehe { $when } kein Einkommen{ $about }.
income-month = { $sum } haben Sie { $when } erhalten, in { $count } Zahlungen.
income-month-only = Das ist { $when } das ganze Einkommen.
income-month-only-partial = Das ist { $when } das einzige Einkommen, das ich sehe.
income-month-none = Kein Einkommen { $when }.
income-before = Zuletzt kamen { $money } von { $name } am { $day }.
income-received = Andere haben Ihnen { $sum } geschickt ({ $names }); das zählt nicht als Einkommen.
income-next = Die nächste Zahlung von { $name } ist am { $day } zu erwarten. Das ist eine Schätzung, weil sie { $every } kam ({ $days }).
income-next-late = Die nächste Zahlung von { $name } war am { $day } zu erwarten und ist noch nicht da. Das ist eine Schätzung, weil sie { $every } kam ({ $days }).
income-next-unknown = Wann die nächste Zahlung kommt, kann ich nicht sagen: Ich sehe zu wenige frühere in festem Abstand.
income-rule = Gezählt werden Lohn und anderes Geld von außen. Nicht gezählt werden Überträge zwischen Ihren eigenen Konten und Erstattungen; was andere Ihnen geschickt haben, steht für sich. Der nächste Tag ist nach dem Abstand der früheren geschätzt.

recurring-monthly = { $sum } im Monat für { $count ->
    [one] 1 Abo
   *[other] { $count } Abos
  }:
recurring-head = { $count ->
    [one] 1 Zahlung kommt
   *[other] { $count } Zahlungen kommen
  } regelmäßig wieder:
recurring-line = { $name }: { $money } { $every }, zuletzt am { $day }
recurring-varies = { $name }: { $every }, { $money } am { $day }; der Betrag schwankt
recurring-rose = { $name } ist um { $difference } gestiegen, von { $before } auf { $after } am { $day }.
recurring-fell = { $name } ist um { $difference } gesunken, von { $before } auf { $after } am { $day }.
recurring-not-monthly = Was nicht monatlich kommt, ist in dieser Summe nicht enthalten.
recurring-paid = { $sum } gingen { $when }{ $about } an Abos, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }:
recurring-paid-others = { $sum } gingen { $when }{ $about } an andere regelmäßige Zahlungen:
recurring-paid-none = Ich sehe { $when } keine regelmäßige Zahlung{ $about }.
recurring-others = Andere regelmäßige Zahlungen:
recurring-none = Ich sehe keine Zahlung{ $about }, die regelmäßig wiederkommt.
recurring-because = { $name }: { $payments }, { $every }
recurring-sum-because = Die jeweils letzte Zahlung jedes monatlichen Abos, zusammengezählt: { $sum }.
recurring-rule = Als regelmäßig zählt: derselbe Name mindestens 3-mal in festem Abstand, oder zweimal am selben Tag des Monats, wo Ihre Bank nichts Älteres zeigt, und ähnliche Beträge. Läden, Cafés und Ähnliches zählen nur bei immer gleichem Preis.

## Was demnächst fällig ist

bill-expected = { $day }: { $name }, { $money } zu erwarten{ $account }
bill-varies = { $day }: { $name }, zu erwarten{ $account }; zuletzt { $money }, der Betrag schwankt
bill-late = { $day }: { $name }, { $money } war zu erwarten und ist noch nicht da{ $account }
bill-statement = { $day }: { $account }, Abrechnung über { $money } fällig{ $least }
bill-instalment = { $day }: { $account }, { $money } fällig{ $least }
bill-untold = { $day }: { $account }, Zahlung fällig; { $bank } nennt den Betrag nicht
bill-least = {" "}(mindestens { $money })
upcoming-until = bis zum { $day }
upcoming-between = in der Zeit { $span }
upcoming-head = { $sum } stehen { $when } noch an{ $about }, in { $count ->
    [one] 1 Rechnung
   *[other] { $count } Rechnungen
  }:
upcoming-head-untold = { $count ->
    [one] 1 Rechnung steht
   *[other] { $count } Rechnungen stehen
  } { $when } noch an:
upcoming-none = Ich sehe { $when } keine anstehende Rechnung{ $about }.
upcoming-over = Diese Tage sind vorbei ({ $span }), dort steht nichts mehr an.
upcoming-estimate = Was zu erwarten ist, richtet sich nach früheren Zahlungen: eine Schätzung, kein Versprechen.
upcoming-told = { $account }: { $money } fällig am { $day }, wie { $bank } angibt
upcoming-told-day = { $account }: eine Zahlung fällig am { $day }, wie { $bank } angibt
upcoming-rule = Fälligkeitstage von Karten und Krediten sind die, die Banken nennen; bei einer Karte zählt die Abrechnung. Andere Rechnungen sind einen Abstand nach der letzten Zahlung an denselben Namen zu erwarten, mit dem letzten Betrag.

## Was ausgegeben werden kann, Kontonummern

afford-rest = { $rest } blieben nach { $price } übrig.
afford-short = { $rest } fehlen für { $price }.
afford-until-income = bis zum nächsten Einkommen (zu erwarten am { $day })
afford-until = bis zum { $day }
afford-left = { $left } bleiben { $when } zum Ausgeben: { $available } verfügbar auf { $accounts }, minus { $bills } für Rechnungen:
afford-all = { $available } sind verfügbar auf { $accounts }, und ich sehe { $when } keine Rechnung, die davon zu zahlen wäre.
afford-below = { $left } fehlen { $when }: { $available } verfügbar auf { $accounts }, minus { $bills } für Rechnungen:
afford-overdrawn = { $accounts }: um { $available } überzogen, es bleibt also { $when } nichts zum Ausgeben{ $count ->
    [0] .
   *[other] ; es kommen Rechnungen über { $bills }:
  }
afford-not-counted = Alltägliche Ausgaben bis dahin sind nicht abgezogen. Das sind Zahlen, kein Rat.
afford-not-counted-savings = Erspartes ({ $savings }) zählt nicht mit, und alltägliche Ausgaben bis dahin sind nicht abgezogen. Das sind Zahlen, kein Rat.
afford-other-currency = Ich sehe kein Konto in { $currency }, von dem Sie zahlen könnten, und ich rechne nicht um.
afford-no-account = Ich sehe kein Giro- oder Sparkonto, von dem Sie zahlen könnten.
afford-minus = minus { $bill }
afford-sum = Es bleiben { $left }.
afford-rule = Gezählt wird, was auf Girokonten verfügbar ist, minus Karten- und Kreditzahlungen, die Ihre Banken als fällig nennen, und regelmäßige Zahlungen von Ihren Konten, die vor dem nächsten Einkommen zu erwarten sind. Was über eine Karte läuft, zählt mit deren Abrechnung. Der Tag des Einkommens ist nach früheren geschätzt.

number-not-here = Kontonummern zeige ich nicht in einem Chat.
number-where = Sie finden sie in der App und auf den Auszügen von { $banks }. Das sind Ihre Konten, mit den letzten Ziffern:
number-anywhere = Ihre Bank zeigt sie in der App und auf Auszügen.
number-ends = { $nick }: endet auf { $last4 }
number-untold = { $nick }

## Erstattungen, doppelte Abbuchungen, einzelne Zahlungen

refund-came = { $money } kamen am { $day } von { $name } zurück, { $account }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }.
refund-all = Das ist alles von den { $paid }, die Sie am { $day } bezahlt haben.
refund-part = Am { $day } haben Sie { $paid } bezahlt; davon sind { $left } nicht zurückgekommen.
refund-no-purchase = Ich sehe dort keine Zahlung, zu der das gehört.
refund-more = und { $count ->
    [one] 1 ältere Erstattung
   *[other] { $count } ältere Erstattungen
  }
refund-none = Ich sehe { $when } keine Erstattung{ $about }.
refund-none-amount = Ich sehe { $when } keine Erstattung in dieser Höhe und auch keine Zahlung{ $about }.
refund-none-of = { $money } an { $name } am { $day }: Davon ist bisher nichts zurückgekommen.
refund-latest = Ihre letzte Zahlung dort war { $money } am { $day }.
refund-rule = Eine Erstattung ist Geld, das ein Geschäft zurückbucht. Sie gehört zu einer Zahlung an denselben Namen am selben Tag oder früher, von der noch mindestens so viel offen ist: zu einer über genau diese Summe, sonst zur letzten.

duplicate-same-day = { $money } wurden am { $day } von { $name } { $count ->
    [2] zweimal
   *[other] { $count }-mal
  } abgebucht, { $account }.
duplicate-days = { $money } wurden von { $name } { $count ->
    [2] zweimal
   *[other] { $count }-mal
  } abgebucht, vom { $day } bis { $last }, { $account }.
duplicate-booked = { $count ->
    [2] Beide sind gebucht.
   *[other] Alle sind gebucht.
  }
duplicate-pending = { $count ->
    [2] Beide sind noch vorgemerkt.
   *[other] Alle sind noch vorgemerkt.
  }
duplicate-one-pending = { $count ->
    [one] Eine davon ist
   *[other] { $count } davon sind
  } noch vorgemerkt. Es kann dieselbe Zahlung sein, die bis zur Buchung doppelt erscheint.
duplicate-back = { $money } davon kamen am { $day } zurück.
duplicate-more = und { $count ->
    [one] 1 ältere
   *[other] { $count } ältere
  }
duplicate-none = Ich sehe { $when } keine doppelte Abbuchung{ $about }.
duplicate-rule = Gesucht wird derselbe Name mit demselben Betrag auf einem Konto, höchstens 3 Tage auseinander. Geldautomaten zählen nicht.

status-pending = { $money } { $way ->
    [in] von { $name }
    [refund] zurück von { $name }
    [own-in] Eingang, { $name },
    [own-out] Ausgang, { $name },
   *[out] an { $name }
  } am { $day }: noch vorgemerkt, { $account }. { $bank } hat den Umsatz noch nicht gebucht.
status-booked = { $money } { $way ->
    [in] von { $name }
    [refund] zurück von { $name }
    [own-in] Eingang, { $name },
    [own-out] Ausgang, { $name },
   *[out] an { $name }
  } am { $day }: gebucht, { $account }.
status-original = Die Gegenseite hat { $money } berechnet.
status-own = Das Geld ging zwischen Ihren eigenen Konten.
status-category = Kategorie: { $category }.
status-text = Text Ihrer Bank: „{ $text }“
status-several = { $pending } von { $count } Zahlungen{ $about } { $pending ->
    [one] ist
   *[other] sind
  } noch vorgemerkt:
status-several-booked = { $count ->
    [2] Beide
   *[other] Alle { $count }
  } Zahlungen{ $about } sind gebucht:
status-older = und { $count } ältere
status-pending-out = { $sum } sind noch vorgemerkt{ $about }, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }:
status-pending-in = { $sum } sind als Eingang vorgemerkt{ $about }, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }:
status-pending-means = Vorgemerkt heißt: Ihre Bank kennt die Zahlung und hat sie noch nicht gebucht.
status-none-pending = Nichts ist vorgemerkt{ $about }.
status-latest = Der letzte Umsatz: { $row }.
status-rule = Ob eine Zahlung vorgemerkt oder gebucht ist, gibt Ihre Bank an; der Tag ist der der Zahlung, sonst der der Buchung.

## Wie eine Antwort zustande kam

explain-nothing = Es gibt noch keine Antwort, die ich erklären könnte. Fragen Sie zuerst nach einem Kontostand oder Ihren Ausgaben.
explain-sum = { $sum }, ausgegeben { $when }{ $about }, { $count ->
    [one] ist 1 Zahlung
   *[other] sind { $count } Zahlungen
  }:
explain-zero = { $sum }, weil ich { $when } keine Zahlungen{ $about } gefunden habe.
explain-back = { $sum } kamen { $when }{ $about } mehr zurück, als bezahlt wurde:
explain-rest = und { $count } weitere: { $sum }
explain-formula = Zahlungen { $paid } minus { $back }, die zurückkamen = { $sum }.
explain-own = Nicht gezählt: { $money }, { $name } ({ $day }).
explain-own-why = Dieses Geld blieb auf Ihren eigenen Konten. Was Sie mit einer Karte kaufen, zählt beim Kauf; die Kartenzahlung mitzuzählen hieße, es doppelt zu zählen.
explain-rules = Nicht gezählt: Überträge zwischen Ihren eigenen Konten, Kartenzahlungen und Einkommen. Erstattungen sind abgezogen, vorgemerkte Zahlungen zählen mit.
explain-rule = { $merchant } zählen Sie als { $category }.
explain-compare = Wenn ein Zeitraum noch läuft, wird dieselbe Zahl von Tagen verglichen.
explain-plus = { $account }: { $money }
explain-minus = minus offen auf { $account }: { $money }
explain-owed-apart = { $account }: { $money } offen, nicht abgezogen
explain-added = Die verfügbaren Beträge zusammengezählt: { $sum }.
explain-owed-added = Was offen ist, zusammengezählt: { $sum }.
explain-net = Zusammengezählt, minus was offen ist: { $sum }.
explain-booked = { $account }: { $booked } gebucht, { $available } verfügbar.
explain-pending = Der Unterschied ist vorgemerkt: { $sum }, in { $count ->
    [one] 1 Zahlung
   *[other] { $count } Zahlungen
  }, die Ihre Bank noch nicht gebucht hat:
explain-held = { $bank } hält den Unterschied zurück und sagt nicht wofür.
explain-held-too = { $bank } hält noch mehr zurück und sagt nicht wofür.
explain-available = { $account }: { $money } verfügbar, wie { $bank } angibt.
explain-booked-only = { $account }: { $money } gebucht, wie { $bank } angibt.
explain-owed = { $account }: { $money } offen, wie { $bank } angibt.
explain-rows = Das sind die Zeilen, wie Ihre Bank sie geschickt hat, die neuesten zuerst.
explain-read = Gelesen bei { $banks }.
explain-read-bank = { $bank } ({ $moment })

## Titel von Knöpfen und Antwortvorschlägen: höchstens 20 Zeichen

title-balance = Kontostand
title-spending = Ausgaben
title-total = Gesamt
title-net = Minus Schulden
title-recent = Letzte Umsätze
title-more = Mehr
title-how = Wie berechnet?
title-vs-last-month = Mit Vormonat
title-vs-month-before = Mit Monat davor
title-see-payments = { $count ->
    [one] Zahlung zeigen
   *[other] { $count } Zahlungen zeigen
  }
title-see-all = Alle Zahlungen
title-top = Wohin es ging
title-chart = Diagramm
title-by-merchant = Nach Händler
title-due = Wann fällig?
title-upcoming = Was steht an?
title-both-mine = Beide sind von mir
title-not-me = Das war ich nicht
title-known = Kenne ich
title-regular = Regelmäßiges
title-owed = Was ich schulde
title-limit = Kreditrahmen
title-help = Was können Sie?
title-person = Mit jemand sprechen
title-both = Beide
title-all = Alle
title-account = { $account }
title-try-again = Noch einmal
title-try-bank-again = { $bank } nochmal
title-renew = Erneuern
title-renew-bank = { $bank } erneuern
title-keep-reading = Weiterlesen
title-call-bank = { $bank } anrufen

## Rund um ein Gespräch: was die Seite zeigt, bevor jemand schreibt (die Begrüßung hat höchstens 160 Zeichen), und ihre
## Fragen zum Antippen.

page-greeting = Fragen Sie nach Kontoständen, Karten und Ausgaben. Ich bin ein automatischer Assistent: Ich lese nur, ich kann kein Geld bewegen.
ask-balance = Wie viel habe ich auf dem Konto?
ask-spending = Was habe ich diesen Monat ausgegeben?
ask-activity = Was waren meine letzten Zahlungen?
ask-help = Was können Sie?

## Gespräch

greet = Hallo. Fragen Sie nach Ihren Kontoständen oder Ausgaben.
greet-disclosure = Ich bin ein automatischer Assistent. Ich lese die Banken, die Sie verbinden, antworte nach dem, was sie angeben, und kann kein Geld bewegen.
thanks = Gern geschehen.
affirm = In Ordnung. Was möchten Sie wissen?
bye = Auf Wiedersehen.
smalltalk = Ich bin ein Bot für Fragen zu Ihren Konten. Fragen Sie nach einem Kontostand oder Ihren Ausgaben.
abuse = Ich möchte es richtig machen. Wenn Ihnen das lieber ist, hilft Ihnen ein Mensch.
help = Ich kann Ihnen sagen, was auf Ihren Konten ist, was offen ist und was Sie ausgegeben haben. Ich lese nur; ich kann kein Geld bewegen.
  Probieren Sie zum Beispiel:
  • Wie viel habe ich auf dem Sparkonto?
  • Was habe ich letzten Monat für Lebensmittel ausgegeben?
  • Zeig mir meine letzten 5 Umsätze
unknown-first = Das habe ich nicht verstanden. Meinten Sie eines davon?
unknown-second = Ich verstehe es noch nicht. Fragen Sie zum Beispiel so: „Wie viel habe ich im Oktober für Kaffee ausgegeben?“ Oder sprechen Sie mit einem Menschen.
unknown-third = Ich komme hier nicht weiter, deshalb sollte Ihnen ein Mensch helfen.
out-of-scope = Das kann ich nicht. Ich kann Ihnen etwas zu Kontoständen, Karten, Zahlungen und Ausgaben Ihrer eigenen Konten sagen.
out-of-scope-payee = Bei „{ $name }“ kann ich nichts kündigen oder ändern: Ich lese nur. Das geht dort oder über Ihre Bank.
not-yet = Ich verstehe, was Sie möchten: { $what }. Das kann ich aber noch nicht.
what-export = eine Kopie Ihrer Daten
what-lock = diesen Chat sperren
cancel-done = Abgebrochen. Es wurde nichts geändert.
nothing-to-cancel = Im Moment gibt es nichts abzubrechen.
nothing-to-repeat = Es gibt keine frühere Antwort, die ich wiederholen könnte.
interim = Ich warte noch auf { $bank } …
interim-any = Ich warte noch auf Ihre Bank …
apology = Es tut mir leid, bei mir ist etwas schiefgegangen und ich konnte nicht antworten. Bitte fragen Sie noch einmal.
attachment = Dateien, Bilder und Sprachnachrichten kann ich nicht lesen. Bitte schreiben Sie es mir.

## Verbindungen und Zustimmungen

link-needed = Dafür muss ich Ihre Bank lesen, und noch ist keine verbunden.
link-how = Aus diesem Chat kann man noch keine Bank verbinden: Das richtet ein, wer diesen Bot betreibt. Ich lese nur und frage nie nach PIN oder Passwort.
link-status = Verbunden: { $banks }.
link-status-bank = { $bank } ({ $data }) bis { $until }
no-links = Es ist keine Bank verbunden.
privacy = Messenger befördert, was wir schreiben, also kann Meta diesen Chat sehen, auch die Beträge darin, ebenso das Team dieser Seite. Sonst sieht sie niemand; mit „Beträge verbergen“ verschwinden sie.
link-status-limits = Ich kann nur lesen und kein Geld bewegen, und nichts wird für Werbung genutzt.
privacy-kept = Was Ihre Bank sendet, bleibt einige Minuten im Arbeitsspeicher und nie auf der Festplatte. Ihre Nachrichten liegen verschlüsselt hier, bis sie beantwortet sind, meine Antworten einen Tag, Verbindungen, Einstellungen und das Protokoll der Abrufe, bis Sie sie löschen. Ich lese eine Bank nur, wenn Sie fragen oder für eine Meldung, die Sie wollten; jedes Lesen wird für Sie festgehalten, und nichts wird für Werbung genutzt. Nach Angeboten frage ich Banken nur, wenn Sie es erlauben.
renew-ended = Ihre Zustimmung für { $bank } endete am { $until }; darum kann ich dort nicht lesen.
renew-stands = Ihre Zustimmung für { $bank } ist hier bis { $until } vermerkt; Ihre Bank kann sie früher beendet haben.
renew-how = Aus diesem Chat kann man noch nichts erneuern: Das macht, wer diesen Bot betreibt.
renew-keep = Die Bank braucht es dafür nicht: Ein Tippen, und ich lese weiter.
kept-reading = { $bank }: Ich lese weiter ({ $data }), bis { $until }.
consent-confirm = Um { $bank } nach dem { $until } weiterzulesen, brauche ich noch einmal Ihr Ja.
consent-ends = Ihre Zustimmung für { $bank } endet am { $until }.
consent-ends-today = Ihre Zustimmung für { $bank } endet heute.
link-how-login = Sie können { $banks } verbinden: Sie melden sich bei der Bank selbst an, nie in diesem Chat.
link-how-promise = Ich lese nur, kann kein Geld bewegen, und nichts wird für Werbung genutzt. Trennen können Sie jederzeit.
link-all = Jede Bank, die man hier verbinden kann, ist schon verbunden.
link-unknown = Diese Bank kann man hier nicht verbinden.
linked = { $bank } ist verbunden: Ich kann { $data } lesen, bis { $until }.
linked-undo = Ich lese nur, wenn Sie fragen, oder für eine Meldung, die Sie wollten. Mit „trennen“ endet das jederzeit.
linked-ask = Was möchten Sie wissen?
link-failed = Das Verbinden von { $bank } wurde nicht abgeschlossen.
link-foreign = { $bank } wurde nicht verbunden: Angemeldet hat sich dort jemand anderes, als in diesem Chat gefragt hat. Hat Ihnen jemand einen Link geschickt, benutzen Sie ihn nicht.
link-expired = Das hat zu lange gedauert oder wurde schon benutzt.
link-nothing-linked = Es wurde nichts verbunden und nichts gelesen.
link-wrong-code = Das ist nicht der Code auf der Seite. Er besteht aus zweimal vier Buchstaben.
renew-login = Zum Erneuern melden Sie sich bei Ihrer Bank an.
session-locked = Bitte bestätigen Sie zuerst, dass Sie es sind: Entsperren Sie bei Ihrer Bank, dann antworte ich sofort. Geheimes wird in diesem Chat nie getippt.
session-lock = Gesperrt. Ich nenne keine Beträge, bis Sie bei Ihrer Bank entsperren.
session-unlocked = Entsperrt.
session-stranger = Noch gesperrt: Angemeldet hat sich dort jemand anderes, als wem die hier verbundenen Konten gehören.
session-nothing = Es gibt nichts zu sperren: Aus diesem Chat wurde keine Bank verbunden.
export = Hier sind Ihre Daten als Datei: was verbunden ist, Ihre Einstellungen und das Protokoll der Abrufe. Der Download gilt 10 Minuten und geht einmal.
title-unlock = Entsperren
title-consent = Meine Zustimmung
title-access-log = Ganzes Protokoll
title-who-read = Wer hat gelesen?
title-export = Herunterladen
title-undo = Rückgängig
title-category = { $category }
title-explain = Ganz ansehen
title-reveal = Einmal zeigen
title-privacy = Datenschutz
unlink-which = Welche Bank möchten Sie trennen?
unlink-ask = { $banks } trennen? Dann kann ich { $count ->
    [one] diese Bank
   *[other] diese Banken
  } nicht mehr lesen, und was ich dafür aufbewahre, wird gelöscht.
unlink-done = { $banks } { $count ->
    [one] ist
   *[other] sind
  } getrennt: Der Zugangsschlüssel, die Liste der Konten und was im Arbeitsspeicher war, sind gelöscht. Ihre Bank führt die Einwilligung vielleicht noch auf: Sie können sie auch dort beenden.
unlink-kept = Nichts wurde geändert: { $banks } { $count ->
    [one] bleibt
   *[other] bleiben
  } verbunden.
title-unlink = Ja, trennen
title-keep = Behalten
title-bank = { $bank }
title-banks = Meine Banken

## Wer was gelesen hat, und verborgene Beträge

title-private = Ist das privat?
title-who-saw = Wer sah meine Daten?
title-hide-amounts = Beträge verbergen
title-show-amounts = Beträge zeigen
data-accounts = Liste der Konten
data-balances = Kontostände
data-transactions = Zahlungen
data-details = Kontodetails
topic-accounts = Ihren Konten
topic-access-log = den Abrufen
access-ever = {""}
access-when = {" "}({ $span })
access-head = { $count ->
    [one] 1 Abruf
   *[other] { $count } Abrufe
  } Ihrer Bankdaten{ $when }, neueste zuerst:
access-earlier = Frühere Abrufe Ihrer Bankdaten{ $when }:
access-none = Ich habe nichts von Ihren Bankdaten abgerufen{ $when }.
access-nobody = Über diesen Dienst hat sie sonst niemand gelesen.
access-read = { $at }: { $bank }, { $data }, weil Sie danach gefragt haben (Thema: { $topic })
access-reused = { $at }: { $bank }, { $data } noch aus dem Arbeitsspeicher, weil Sie danach gefragt haben (Thema: { $topic })
access-failed = { $at }: { $bank }, { $data }, ohne Antwort, weil Sie danach gefragt haben (Thema: { $topic })
access-stopped = { $at }: { $bank }, gestoppt: { $data } nicht gelesen, obwohl Sie nach { $topic } gefragt haben
access-stop-ordered = { $at }: { $bank }, alles Lesen per Anordnung gestoppt
access-resume-ordered = { $at }: { $bank }, Lesen wieder erlaubt
access-desk = { $at }: Unser Team übernahm und konnte diesen Chat lesen
access-linked = { $at }: { $bank }, von Ihnen verbunden
access-unlinked = { $at }: { $bank }, von Ihnen getrennt
access-renewed = { $at }: { $bank }, von Ihnen erneuert
access-confirmed = { $at }: { $bank }, Sie haben das Weiterlesen erlaubt
access-paused = { $at }: { $bank }, nicht mehr gelesen, bis Sie wieder Ja sagen
access-ended = { $at }: { $bank }, Ihre Zustimmung endete
mask-on = Ab jetzt sind Beträge verborgen. Was weiter oben in diesem Chat steht, bleibt dort: Messenger behält es.
mask-off = Beträge sind wieder zu sehen.

## Ein Mensch übernimmt

handoff = Ich übergebe Sie an einen Menschen. Die übliche Wartezeit ist { $wait }.

## Rechte und Ärger: der kürzeste Weg, sonst nichts

secret-typed = Bitte löschen Sie diese Nachricht: Darin steht etwas Geheimes. Ich frage nie nach PIN, Passwort, Kartennummer oder Code und habe es nicht behalten. Ändern Sie es, falls jemand anderes es gesehen haben könnte.
card-lost = Rufen Sie jetzt Ihre Bank an, um die Karte zu sperren:
card-lost-bank = { $bank }: { $phone }
card-lost-no-line = { $bank }: die Nummer auf der Rückseite Ihrer Karte.
card-lost-none = Rufen Sie jetzt Ihre Bank unter der Nummer auf der Rückseite der Karte an und lassen Sie sie sperren.
dispute = Sagen Sie Ihrer Bank jetzt, dass das nicht von Ihnen ist; je früher, desto besser sind Ihre Rechte gewahrt:
dispute-bank = { $bank }: { $phone }
dispute-no-line = { $bank }: die Nummer auf der Rückseite Ihrer Karte.
dispute-none = Sagen Sie Ihrer Bank jetzt unter der Nummer auf der Rückseite Ihrer Karte, dass diese Zahlung nicht von Ihnen ist.
complaint = Ich habe das als Beschwerde notiert, mit Datum und Uhrzeit.
alert-stop = Alle Benachrichtigungen sind aus. Ich schreibe nur, wenn Sie zuerst schreiben.

## Wie man einen Menschen erreicht, was es noch nicht gibt

title-start = Los geht’s
title-link = Bank verbinden
title-call-person = Anrufen
desk-phone = Sie können auch unter { $phone } anrufen.
desk-hours = Unser Team ist da: { $hours }.
desk-wait = Die übliche Wartezeit ist { $wait }.
desk-none = Ein Mensch bei Ihrer Bank kann helfen: Die Nummer steht auf der Rückseite Ihrer Karte.
what-other = etwas anderes

## Sprache und Zeitzone

language-set = Ich antworte ab jetzt auf Deutsch.
language-which = Ich spreche Deutsch, Englisch und Spanisch. Welche Sprache möchten Sie?
title-english = English
title-german = Deutsch
title-spanish = Español
time-zone-set = { $time } Uhr ist es jetzt bei Ihnen: Ich richte mich nach der Zeit in { $place }.
time-zone-which = { $time } Uhr ist es bei Ihnen, soweit ich weiß, nach der Zeit in { $place }. Um das zu ändern, nennen Sie eine große Stadt, zum Beispiel „Zeitzone Berlin“.

title-dispute = Reklamieren
dispute-payment = Sie meinen { $money } bei { $name } am { $day }, von { $account }. Ich habe notiert, dass das nicht von Ihnen ist; entscheiden kann nur Ihre Bank.
dispute-payments = Sie meinen eine dieser { $count } Zahlungen. Ich habe notiert, dass sie nicht von Ihnen ist; entscheiden kann nur Ihre Bank.
dispute-not-found = Ich finde diese Zahlung gerade nicht, Ihre Bank aber schon. Ich habe notiert, dass sie nicht von Ihnen ist.
desk-closed = Von unserem Team ist gerade niemand da.

## Übergabe an einen Menschen, und zurück

title-leave-message = Nachricht lassen
handoff-now = Ich übergebe Sie jetzt an einen Menschen in unserem Team.
handoff-message = Schreiben Sie Ihre Nachricht hier. Ein Mensch aus unserem Team liest sie, sobald jemand da ist, und antwortet in diesem Chat.
handoff-quiet = Zu sehen ist dort dieser Chat, nicht Ihre Konten. Ich bin still, bis ich wieder übernehme.
handoff-back = Ich bin wieder da: der Bot, ein automatischer Assistent. Fragen Sie mich nach Kontoständen, Karten, Zahlungen und Ausgaben.
handoff-refused = Ich konnte unser Team gerade nicht erreichen; deshalb antworte wieder ich, der Bot.

note-asked = Die Person möchte mit einem Menschen sprechen.
note-message = Die Person hinterlässt eine Nachricht; es war niemand da.
note-complaint = Die Person beschwert sich.
note-lost = Der Bot hat die Person nicht verstanden.
note-card-lost = Sie hat eine verlorene oder gestohlene Karte gemeldet.
note-dispute = Sie sagt, dass eine Zahlung nicht von ihr ist.
note-last = In der letzten Frage an den Bot ging es um { $what }.
topic-balances = Kontostände
topic-cards = Karten oder Kredite
topic-spending = Ausgaben
topic-income = Einnahmen
topic-bills = Rechnungen und regelmäßige Zahlungen
topic-payments = Zahlungen

## Alles löschen

title-delete-all = Ja, alles löschen
title-no = Nein
delete-ask = Soll ich alles löschen, was ich von Ihnen aufbewahre: Verbindungen zu Banken, Einstellungen, die Erinnerung an unser Gespräch und das Protokoll der Abrufe? Es bleibt eine Quittung Ihrer Bitte, die das Gesetz verlangt. Messenger behält seine eigene Kopie dieses Chats: Löschen Sie sie dort.
delete-kept = Es wurde nichts gelöscht.
delete-done = Alles, was ich von Ihnen aufbewahrt habe, ist gelöscht, und ich kann Ihre Banken nicht mehr abfragen. Es bleibt die Quittung darüber; den Chat selbst kann nur Messenger löschen. Ihre Bank führt die Einwilligung vielleicht noch auf: Sie können sie auch dort beenden.

## Benachrichtigungen: was jemand ungefragt wissen will. Die ersten Worte einer gemeldeten tragen keinen Betrag.

title-alert-low = Niedriger Stand
title-alert-large = Große Zahlung
title-alert-income = Geldeingang
title-alert-list = Meine Meldungen
title-alert-stop = Meldungen beenden
title-amount = { $money }
alert-kinds = Ich kann mich melden, wenn ein Konto unter einen Betrag fällt, wenn eine Zahlung über einem Betrag liegt oder wenn Einkommen eingeht. Zum Beispiel: „Sag mir, wenn das Girokonto unter 500 fällt.“
alert-none = Sie haben keine Benachrichtigungen.
alert-amount-low = Unter welchem Betrag soll ich mich melden?
alert-amount-large = Über welchem Betrag soll ich eine Zahlung melden?
alert-which-account = Unter { $amount } auf welchem Konto: { $accounts }?
alert-no-account = Eine Karte oder ein Kredit kann nicht unter einen Betrag fallen. Ich kann ein Giro- oder Sparkonto beobachten.
alert-other-currency = Dieses Konto wird nicht in { $currency } geführt, und ich rechne nicht um. Nennen Sie den Betrag in der Währung des Kontos.
alert-too-many = Das sind mehr als die { $count } Benachrichtigungen, die ich führe. STOPP beendet alle, danach können Sie neue einrichten.
alert-all-accounts = allen Ihren Konten
alert-set-low = Ich melde mich, wenn { $account } unter { $amount } fällt.
alert-set-large = Ich melde mich bei einer Zahlung über { $amount } auf { $account }.
alert-set-income = Ich melde mich, wenn auf { $account } Einkommen eingeht.
alert-set-end = STOPP beendet das. Ich behalte Ihren Auftrag, nie die Daten Ihrer Bank. Haben Sie einen Tag lang nicht geschrieben, warte ich damit, bis Sie es tun.
alert-list = Sie haben { $count ->
    [one] 1 Benachrichtigung
   *[other] { $count } Benachrichtigungen
  }:
alert-line-low = • { $account } fällt unter { $amount }
alert-line-large = • Eine Zahlung über { $amount } auf { $account }
alert-line-income = • Einkommen auf { $account }
alert-list-end = STOPP beendet alle.
alert-low = { $account } liegt unter Ihrer Grenze: jetzt { $money }, Ihre Grenze ist { $limit }.
alert-large = Zahlung über Ihrer Grenze auf { $account }: { $money } an { $name } am { $day }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }.
alert-income = Einkommen ist eingegangen auf { $account }: { $money } von { $name } am { $day }{ $state ->
    [pending] {" "}(vorgemerkt)
   *[booked] {""}
  }.
alert-more = { $count ->
    [one] 1 weitere davon.
   *[other] { $count } weitere davon.
  }
alert-ended = Ihre Benachrichtigungen bei { $bank } kann ich nicht mehr prüfen: Dafür liegt dort keine Einwilligung mehr vor. Sie gehen weiter, wenn Sie die Bank wieder verknüpfen.
alert-paused = Ihre Meldungen bei { $bank } kann ich nicht mehr prüfen: Ihr Ja zum Lesen gilt nicht mehr. Schreiben Sie „weiterlesen“, dann geht es weiter.
alert-end = STOPP beendet Ihre Benachrichtigungen.

## Budgets

title-budget = Mein Budget
budget-about = {" "}für { $what }
budget-one = { $amount } im Monat{ $about }
budget-set = { $amount } im Monat sind jetzt Ihr Budget{ $about }. Es zählt Kalendermonate.
budget-removed = { $count ->
    [one] Ihr Budget von { $budgets } ist entfernt.
   *[other] Ihre Budgets sind entfernt: { $budgets }.
  }
budget-none = So ein Budget haben Sie nicht. Um eines festzulegen, sagen Sie zum Beispiel: „Leg ein Budget von 300 für Lebensmittel fest.“
budget-amount = Wie viel im Monat? Sagen Sie zum Beispiel: „Leg ein Budget von 300 für Lebensmittel fest.“
budget-too-many = Das sind mehr als die { $count } Budgets, die ich führe. Entfernen Sie zuerst eines.
category-kept = Ab jetzt zählt { $merchant } als { $category }.
category-which = Als was soll { $merchant } zählen?
category-removed = { $merchant } zählt wieder so, wie Ihre Bank es sagt.
category-none = { $merchant } zählt schon so, wie Ihre Bank es sagt.
category-too-many = Mehr als { $count } Regeln behalte ich nicht, diese also auch nicht.
category-how = Nennen Sie mir den Händler und was er ist, zum Beispiel „Corner Foods ist Restaurants“.
budget-left = { $spent } von { $limit } ausgegeben{ $about } { $when }. { $left } sind übrig.
budget-over = { $spent } von { $limit } ausgegeben{ $about } { $when }: { $left } darüber.
budget-partial = { $spent } von { $limit } ausgegeben{ $about } { $when }, soweit ich lesen konnte.
budget-other-currencies = { $sum } in einer anderen Währung sind nicht gezählt: Ich rechne nicht um.

## Seiten

web-link-head = { $bank } mit Ihrem Chat verbinden
web-link-choose = Eine Bank mit Ihrem Chat verbinden
web-choose = Bank wählen
web-link-who = Der Chat mit „{ $page }“ in Messenger hat um { $at } danach gefragt. Hat Ihnen jemand diesen Link geschickt, schließen Sie die Seite: Sein Chat würde Ihre Konten sehen.
web-link-what = Was gelesen wird
web-link-what-text = Ihre Konten, Salden und Umsätze. Es wird nur gelesen: Geld kann nicht bewegt werden.
web-link-for = Wofür
web-link-for-text = Um Ihre eigenen Fragen zu beantworten und für Meldungen, die Sie einstellen. Für nichts sonst: keine Werbung, kein Verkauf. Nach Angeboten wird nur gefragt, wenn Sie es im Chat erlauben.
web-link-long = Wie lange
web-link-long-text = Bis die Bank es beendet, höchstens ein Jahr.
web-link-long-days = Bis die Bank es beendet, höchstens { $days } Tage.
web-link-long-again = Bis die Bank es beendet, höchstens { $days } Tage. Alle { $again } Tage frage ich im Chat, ob ich weiterlesen darf; ohne Ihr Ja höre ich auf.
web-link-undo = Wie Sie es zurücknehmen
web-link-undo-text = Schreiben Sie „trennen“ in den Chat, jederzeit. Was dafür gespeichert war, wird gelöscht.
web-link-agree = Ich stimme zu, dass diese Bank dafür gelesen wird.
web-link-go = Weiter zur Bank
web-unlock-head = Zeigen Sie, dass Sie es sind
web-unlock-text = Ihr Chat mit „{ $page }“ ist gesperrt. Melden Sie sich bei Ihrer Bank an, dann geht es weiter. Haben Sie das nicht verlangt, schließen Sie die Seite.
web-back-head = Noch ein Schritt
web-back-text = Gehen Sie zurück in Ihren Chat. Erst wenn Sie wieder dort sind, gilt es.
web-back-open = Chat öffnen
web-back-code = Oder tippen Sie diesen Code in den Chat:
web-stop-head = Das ging nicht
web-stop-over = Dieser Link wurde schon benutzt oder ist zu alt. Fragen Sie im Chat nach einem neuen.
web-stop-foreign = Begonnen wurde das in einem anderen Browser, darum wurde nichts verbunden. Fragen Sie im Chat nach einem neuen Link.
web-stop-declined = Es wurde nichts verbunden und nichts gelesen. Sie können diese Seite schließen.
web-stop-bank = Die Bank antwortet gerade nicht, wie sie soll. Es wurde nichts verbunden; versuchen Sie es später noch einmal.
web-stop-locked = Ihr Chat ist inzwischen gesperrt. Schreiben Sie dort wieder, zeigen Sie, dass Sie es sind, und fragen Sie noch einmal.
web-stop-agree = Bitte wählen Sie eine Bank und setzen Sie den Haken, wenn Sie zustimmen. Es wurde nichts verbunden.
web-open = Anzeigen
web-once = Diese Seite öffnet sich einmal, für die Person, die im Chat danach gefragt hat.
web-consent-head = Wozu Sie zugestimmt haben
web-consent-none = Es ist keine Bank verbunden.
web-consent-line = Bis { $until } ({ $left ->
    [0] letzter Tag
    [one] noch 1 Tag
   *[other] noch { $left } Tage
  }): { $data }.
web-consent-asked-again = Bis { $until }: { $data }. Bis { $last } ({ $left ->
    [0] heute
    [one] noch 1 Tag
   *[other] noch { $left } Tage
  }) brauche ich noch einmal Ihr Ja.
web-consent-paused = Nach dem { $last } nicht mehr gelesen, denn ich brauche noch einmal Ihr Ja. Schreiben Sie „weiterlesen“ in den Chat. Die Zustimmung bei der Bank gilt bis { $until }.
web-consent-ended = Am { $until } beendet, wird nicht mehr gelesen. Schreiben Sie „erneuern“ in den Chat.
web-unlink-head = Eine Bank trennen
web-unlink-text = Sie wird nicht mehr gelesen, und was dazu gespeichert ist, wird gelöscht. Bei Ihrer Bank kann die Einwilligung noch stehen: Sie können sie auch dort beenden.
web-unlink-go = Trennen
web-unlink-done = { $bank } wird getrennt. Im Chat steht, wenn es geschehen ist.
web-uses-head = Zuletzt gelesen
web-uses-more = Alles davon: Fragen Sie im Chat „Wer hat meine Daten gesehen?“
web-log-head = Wer Ihre Daten gelesen hat
web-log-none = Niemand hat etwas gelesen.
web-log-proof = Sie können prüfen, dass nichts darin geändert oder entfernt wurde: Bitten Sie mich um eine Kopie Ihrer Daten und prüfen Sie sie mit „balancebot audit verify my-data.json“ und dem Schlüssel { $key }.
web-export-head = Ihre Daten als Datei
web-export-text = Was verbunden ist, Ihre Einstellungen und das Protokoll der Abrufe, als JSON. Beträge Ihrer Bank stehen nicht darin: Es werden keine gespeichert.
web-export-go = Herunterladen
web-privacy-head = Datenschutz
web-explain-head = So kam ich darauf
web-reveal-head = Die Beträge
web-answer-forgotten = Diese Zahlen werden nirgends aufbewahrt. Aus dem Speicher verschwinden sie um { $at }.
web-deletion-head = Löschung Ihrer Daten
web-deletion-under-way = Ihre Anfrage wird gerade ausgeführt. Das dauert weniger als eine Minute; laden Sie diese Seite dann noch einmal.
web-deletion-stuck = Ihre Anfrage ist angenommen, konnte aber noch nicht ausgeführt werden. Die Menschen hinter diesem Dienst sehen sie und bringen sie zu Ende.
web-deletion-done = Alles, was über Sie aufbewahrt wurde, ist gelöscht: Verbindungen zu Banken, Einstellungen, das Gedächtnis unseres Gesprächs und das Protokoll der Abfragen. Es bleibt der Beleg darüber. Den Chat selbst löscht Messenger, und Ihre Bank führt die Zustimmung vielleicht noch auf: Sie können sie auch dort beenden.
web-deletion-nothing = Über Sie ist nichts aufbewahrt, es gab also nichts zu löschen.
web-deletion-unmatched = Messenger sagt uns nicht, welcher Chat Ihrer ist; gelöscht ist deshalb noch nichts. Schreiben Sie im Chat „Lösche meine Daten“: Dann geht alles auf einmal.
web-deletion-unknown = Eine Anfrage mit diesem Code ist nicht bekannt. Anfragen bleiben etwa eine Woche bekannt.
web-deletion-later = Das lässt sich gerade nicht sagen. Bitte laden Sie die Seite in einer Minute noch einmal.
web-deletion-code = Bestätigungscode: { $code }

## Angebote der Banken: nur mit eigener Zustimmung

offers-ask = Darf ich Ihre Banken nach Angeboten fragen? Die Banken wählen sie danach aus, was Sie bezahlt haben; ich zeige sie nur, jedes mit seinem Grund und nur, wenn Sie fragen. Geschäfte erfahren von mir nichts, und Sie können es jederzeit beenden.
offers-declined = Dann keine Angebote. Ich habe Ihre Bank nach keinen gefragt.
offers-stopped = Angebote sind aus. Ich frage Ihre Bank nach keinen mehr.
offers-head = { $count ->
    [one] Ein Angebot von { $bank }:
   *[other] { $count } Angebote von { $bank }:
}
offers-head-why = Warum { $bank } Ihnen das anbietet:
offers-more = Und { $count } weitere.
offer-line = • { $what }{ $until }. { $reason }
offer-at = { $merchant }: { $text }
offer-plain = { $text }
offer-until = , bis { $until }
offer-bought-there = { $count ->
    [one] Sie bekommen es, weil Sie dort am letzten Tag bezahlt haben.
   *[other] Sie bekommen es, weil Sie dort in den letzten { $count } Tagen bezahlt haben.
}
offer-bought = { $count ->
    [one] Sie bekommen es, weil Sie am letzten Tag bei { $merchant } bezahlt haben.
   *[other] Sie bekommen es, weil Sie in den letzten { $count } Tagen bei { $merchant } bezahlt haben.
}
offer-rule = Der Grund der Bank: „{ $rule }“.
offer-no-reason = Einen Grund nennt die Bank nicht.
offers-none = { $count ->
    [one] { $banks } hat im Moment keine Angebote für Sie.
   *[other] { $banks } haben im Moment keine Angebote für Sie.
}
offers-silent = { $count ->
    [one] { $banks } zeigt hier keine Angebote.
   *[other] { $banks } zeigen hier keine Angebote.
}
offers-apart = Diese Regel wendet Ihre Bank an, nicht ich. Angebote lese ich getrennt, weil Sie es erlaubt haben ({ $since }); Ihre Kontostände und Zahlungen nutze ich nicht dafür, und die Geschäfte erfahren von mir nichts.
title-offers-allow = Angebote erlauben
title-no-thanks = Nein danke
title-offers-stop = Angebote beenden
title-why-this = Warum das?
data-offers = Angebote
topic-offers = Angeboten
access-offers-allowed = { $at }: Sie haben mir erlaubt, nach Angeboten zu fragen
access-offers-ended = { $at }: Sie haben Angebote beendet

## Geldautomaten

atm-near = Tippen Sie für eine Karte der Geldautomaten nahe { $place }.
atm-anywhere = Tippen Sie für eine Karte der Geldautomaten und schieben Sie sie dorthin, wo Sie sind. Oder nennen Sie einen Ort: „Geldautomat am Marktplatz“.
atm-nothing-sent = Ich weiß nicht, wo Sie sind; die Karte erfährt erst, was Sie suchen, wenn Sie sie öffnen.
atm-bank = Die Automatensuche Ihrer Bank kann anderes zeigen, und nur Ihre Bank weiß, welche Automaten für Sie kostenlos sind.
title-map = Karte öffnen
