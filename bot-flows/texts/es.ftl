# Todo lo que el bot dice en español de Estados Unidos: de usted, la cifra primero. Cada texto está en el mismo lugar
# que en en.ftl y toma los mismos valores; `balancebot check` avisa de lo que falta.

## Palabras de las que se hacen otros textos

list-and = y
span-today = hoy
span-since = desde el { $day }
span-until = hasta el { $day }
span-all = todos los días
category-rent = alquiler
category-groceries = supermercado
category-coffee = café
category-dining = restaurantes
category-shopping = compras
category-entertainment = entretenimiento
category-transport = transporte
category-travel = viajes
category-fuel = gasolina
category-utilities = luz, agua y teléfono
category-health = salud
category-services = servicios
category-education = educación
category-gifts = regalos
category-cash = retiros de efectivo
category-fees = comisiones
category-insurance = seguros
category-income = ingresos
category-transfer = transferencias a otras personas
category-uncategorised = pagos sin categoría

# Los días, como van después de “Gastó $5.00 en café”.
when-this-month = en lo que va del mes ({ $span })
when-this-week = en lo que va de la semana ({ $span })
when-so-far = hasta ahora ({ $span })
when-today = hoy
when-yesterday = ayer ({ $span })
when-day = el { $span }
when-month = en { $span }
when-days = del { $span }
when-since = desde el { $day }
when-until = hasta el { $day }
when-all = hasta donde muestran sus bancos

# De qué es una suma, como va después de “Gastó $5.00”; cada uno lleva el resto detrás.
about-merchant = {" "}en { $what }{ $rest }
about-category = {" "}en { $what }{ $rest }
about-except = {" "}sin { $what }{ $rest }
about-account = {" "}con { $what }{ $rest }
and-others = { $count ->
    [one] 1 más
   *[other] { $count } más
  }

## De cuándo son las cifras, y qué falta

as-of = Datos de: { $moment }.
as-of-bank = { $bank }: datos de { $moment }.
trouble-still = Sigue igual:
trouble-down = { $bank } no responde en este momento.
trouble-account = { $bank } no dio nada de { $account } en este momento.
trouble-slow = { $bank } no respondió a tiempo.
trouble-rate-limited = { $bank } todavía no me deja volver a preguntar.
trouble-rate-limited-until = { $bank } no me deja volver a preguntar antes de { $until }.
trouble-consent-ended = Su permiso para { $bank } terminó.
trouble-unconfirmed = Dejé de leer { $bank } después del { $until }: para seguir necesito su sí.
trouble-not-covered = Mi acceso a { $bank } no incluye esto.
trouble-switched-off = La lectura de { $bank } está desactivada por el momento.
trouble-stopped-by-bank = { $bank } detuvo mi acceso (desde { $since }). Hasta que lo levante, no leo nada allí.
trouble-stopped-by-us = Hemos detenido la lectura de { $bank } (desde { $since }). Hasta que se levante, no leo nada allí.
trouble-stopped-others = Todo lo de { $banks } funciona como siempre.
trouble-nothing = Por eso no tengo ninguna cifra que mostrarle.
not-included = No incluido: { $sources }.
kept-from = Su banco no muestra nada antes del { $day }, así que la cuenta empieza ahí.
outside-history = Su banco no muestra nada antes del { $day }; de esas fechas ({ $span }) no puedo decirle nada.
period-future = Esas fechas todavía no llegan ({ $span }), así que no hay nada que mostrar.

## Cuentas que no existen

no-such-account = No veo ninguna cuenta suya llamada “{ $words }”.
bank-not-linked = { $bank } no está vinculado aquí.
no-accounts = No veo ninguna cuenta así entre las que vinculó.
your-accounts = Las suyas son { $accounts }.
ask-which-account = ¿Qué cuenta quiere ver? Veo { $accounts }.

## Saldos

balance-available = { $money } disponibles en { $account }.
balance-booked = { $money } contabilizados en { $account }.
balance-overdrawn = { $money } en { $account }: está en descubierto.
balance-owed = { $money } por pagar en { $account }.
balance-in-credit = { $money } pagados de más en { $account }: no debe nada.
balance-now = Así está ahora; no puedo decir cómo estaba { $when }.
balance-untold = { $bank } no informa el saldo de { $account }.
balance-booked-besides = Saldo contabilizado: { $money }.
line-available = { $account }: { $money } disponibles
line-booked = { $account }: { $money } contabilizados
line-overdrawn = { $account }: { $money } (en descubierto)
line-owed = { $account }: { $money } por pagar
line-in-credit = { $account }: { $money } pagados de más, no debe nada
line-untold = { $account }: { $bank } no informa el saldo

## Totales

total = Su total es { $sum }, disponible en { $banks }.
total-below = Su total es { $sum } en { $banks }: está en descubierto.
total-below-partial = { $sum } en { $banks }: está en descubierto.
total-apart = { $sum } disponibles en { $banks }. Las monedas van por separado.
total-partial = { $sum } disponibles en { $banks }.
total-owed = Debe { $owed } en { $banks }; eso no está restado.
total-overpaid = { $sum } pagados de más en { $banks }; eso no está sumado.
total-untold = { $bank } no informa el saldo de { $account }, así que no está incluido.
total-owed-only = Debe { $owed } en { $banks }.
total-none = No veo ninguna cuenta corriente, de ahorros, tarjeta ni préstamo que sumar.
total-booked = Su banco solo informa el saldo contabilizado de { $accounts }, así que aquí cuenta ese.
net = { $net } netos: { $available } disponibles menos { $owed } por pagar.
net-partial = { $net } netos de lo que alcanzo a ver: { $available } disponibles menos { $owed } por pagar.
net-banks = Leído de { $banks }.
total-converted = En una sola moneda son { $sum }, con { $rates } del { $day }.
rate = 1 { $of } = { $rate } { $into }
no-conversion = No convierto entre monedas, así que cada una va por su cuenta.

## Tarjetas y préstamos

card-due = { $day }: vence el próximo pago de { $account }.
card-minimum = El pago mínimo es { $money }.
card-statement = El saldo del estado de cuenta es { $money }.
card-limit = { $limit } es el límite de crédito de { $account }.
card-unused = De eso, { $money } es crédito sin usar.
card-over-limit = Está excedido por { $money }.
card-none = No veo ninguna tarjeta ni préstamo entre sus cuentas vinculadas.
card-untold-owed = { $bank } no informa cuánto se debe en { $account }.
card-untold-due = { $bank } no informa cuándo vence el pago de { $account }.
card-untold-limit = { $bank } no informa el límite de { $account }.

## Gastos

spend-sum = Gastó { $sum }{ $about } { $when }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }.
spend-zero = Gastó { $sum }{ $about } { $when }: no hay pagos.
spend-zero-partial = No veo pagos{ $about } { $when } en lo que pude leer.
spend-back = Recibió { $sum } más de lo que pagó{ $about } { $when }.
spend-pending = De eso siguen pendientes { $sum } ({ $names }).
spend-pending-all = Todo sigue pendiente ({ $names }).
spend-refunds = Los reembolsos de { $sum } ya están restados ({ $names }).
spend-received = Ya están restados { $sum } que le enviaron otras personas ({ $names }).
own-left-out = No se cuentan las transferencias entre sus propias cuentas ni los pagos de tarjeta ({ $sum }).
no-such-merchant = No veo pagos en “{ $word }”{ $when }.
no-such-merchant-when = {" "}{ $when }

compare-now = Gastó { $sum }{ $about } { $when }.
compare-more = Son { $difference } más que los { $before } de antes ({ $span }).
compare-less = Son { $difference } menos que los { $before } de antes ({ $span }).
compare-same = Es lo mismo que antes, { $before } ({ $span }).
compare-whole = Todo el período ({ $span }): { $sum }.

top-head = Gastó { $sum }{ $about } { $when }. La mayor parte se fue en:
top-line = { $name }: { $money }
top-more = y { $count ->
    [one] 1 más
   *[other] { $count } más
  }
trend-months = Gastó { $sum }{ $about } { $when }. Mes por mes:
trend-weeks = Gastó { $sum }{ $about } { $when }. Semana por semana:
trend-line = { $span }: { $money }
trend-line-so-far = { $span } (hasta hoy): { $money }
chart-title = Gastos{ $about } · { $span }
chart-so-far = hasta hoy

## Movimientos

row = { $day }: { $name }, { $money }{ $way ->
    [in] {" "}recibidos
    [refund] {" "}devueltos
    [own-in] {" "}recibidos, entre sus cuentas
    [own-out] , entre sus cuentas
    [check] , verificación de tarjeta
   *[out] {""}
  }{ $original }{ $account }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }
row-account = , { $account }
row-original = {" "}({ $money })
list-head = Últimos movimientos{ $about }:
list-head-earlier = Movimientos anteriores{ $about }:
list-head-when = Movimientos{ $about } ({ $span }):
list-none = No veo pagos{ $about } { $when }.
list-none-amount = No veo ningún movimiento por ese monto{ $about } { $when }.
search-head = { $count ->
    [one] 1 movimiento coincide:
   *[other] { $count } movimientos coinciden:
  }
search-one = { $money } { $way ->
    [in] de { $name }
    [refund] devueltos por { $name }
    [own-in] recibidos, { $name },
    [own-out] enviados, { $name },
    [check] verificados por { $name }
   *[out] a { $name }
  } el { $day }, { $account }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }.
nothing-more = Eso era todo.
nothing-to-continue = No hay ninguna lista mía que seguir mostrando.

## Lo que entra, y lo que regresa

every-week = cada semana
every-two-weeks = cada 2 semanas
every-month = cada mes
every-quarter = cada 3 meses
every-half-year = cada 6 meses
every-year = cada año
payment-of-day = { $money } ({ $day })

income-latest = { $money } llegaron de { $name } el { $day }, { $account }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }.
income-sum = Recibió { $sum }{ $about } { $when }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
income-none = No veo ingresos{ $about } { $when }.
income-month = Recibió { $sum } { $when }, en { $count } pagos.
income-month-only = Es todo el ingreso { $when }.
income-month-only-partial = Es el único ingreso que alcanzo a ver { $when }.
income-month-none = Ningún ingreso { $when }.
income-before = El último fue de { $money }, de { $name }, el { $day }.
income-received = Otras personas le enviaron { $sum } ({ $names }); eso no se cuenta como ingreso.
income-next = El próximo de { $name } se espera el { $day }. Es una estimación, porque llegó { $every } ({ $days }).
income-next-late = El próximo de { $name } se esperaba el { $day } y todavía no está. Es una estimación, porque llegó { $every } ({ $days }).
income-next-unknown = No puedo decir cuándo llega el próximo: veo muy pocos anteriores con un ritmo fijo.
income-rule = Se cuentan el sueldo y otro dinero de fuera. No se cuentan las transferencias entre sus propias cuentas ni los reembolsos; lo que le enviaron otras personas va aparte. El próximo día se calcula por el ritmo de los anteriores.

recurring-monthly = { $sum } al mes por { $count ->
    [one] 1 suscripción
   *[other] { $count } suscripciones
  }:
recurring-head = { $count ->
    [one] 1 pago se repite
   *[other] { $count } pagos se repiten
  } con regularidad:
recurring-line = { $name }: { $money } { $every }, el último el { $day }
recurring-varies = { $name }: { $every }, { $money } el { $day }; el monto varía
recurring-rose = { $name } subió { $difference }, de { $before } a { $after } el { $day }.
recurring-fell = { $name } bajó { $difference }, de { $before } a { $after } el { $day }.
recurring-not-monthly = Lo que no llega cada mes no está en esa suma.
recurring-paid = Pagó { $sum } por suscripciones{ $about } { $when }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
recurring-paid-others = Pagó { $sum } en otros pagos regulares{ $about } { $when }:
recurring-paid-none = No veo ningún pago regular{ $about } { $when }.
recurring-others = Otros pagos regulares:
recurring-none = No veo ningún pago{ $about } que se repita con regularidad.
recurring-because = { $name }: { $payments }, { $every }
recurring-sum-because = El último pago de cada suscripción mensual, sumado: { $sum }.
recurring-rule = Se cuenta como regular: el mismo nombre al menos 3 veces con un ritmo fijo, o dos veces el mismo día del mes si su banco no muestra nada anterior, y montos parecidos. Tiendas, cafés y similares cuentan solo con un precio único.

## Lo que viene

bill-expected = { $day }: { $name }, se esperan { $money }{ $account }
bill-varies = { $day }: { $name }, se espera{ $account }; { $money } la última vez, el monto varía
bill-late = { $day }: { $name }, se esperaban { $money } y todavía no están{ $account }
bill-statement = { $day }: { $account }, vence el estado de cuenta de { $money }{ $least }
bill-instalment = { $day }: { $account }, vencen { $money }{ $least }
bill-untold = { $day }: { $account }, vence un pago; { $bank } no informa cuánto
bill-least = {" "}(al menos { $money })
upcoming-until = hasta el { $day }
upcoming-between = del { $span }
upcoming-head = Vienen { $sum }{ $about } { $when }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
upcoming-head-untold = { $count ->
    [one] Viene 1 pago
   *[other] Vienen { $count } pagos
  } { $when }:
upcoming-none = No veo ningún pago por venir{ $about } { $when }.
upcoming-over = Esos días ya pasaron ({ $span }), así que no viene nada en ellos.
upcoming-estimate = Lo que se espera se calcula por pagos anteriores: es una estimación, no una promesa.
upcoming-told = { $account }: { $money } vencen el { $day }, según { $bank }
upcoming-told-day = { $account }: un pago vence el { $day }, según { $bank }
upcoming-rule = Los vencimientos de tarjetas y préstamos son los que informan los bancos; de una tarjeta cuenta el estado de cuenta. Los demás pagos se esperan un intervalo después del último pago al mismo nombre, por el último monto.

## Lo que se puede gastar, números de cuenta

afford-rest = Quedarían { $rest } después de { $price }.
afford-short = Faltan { $rest } para { $price }.
afford-until-income = antes del próximo ingreso, que se espera el { $day }
afford-until = hasta el { $day }
afford-left = Quedan { $left } para gastar { $when }: { $available } disponibles en { $accounts }, menos { $bills } de pagos:
afford-all = Hay { $available } disponibles en { $accounts }, y no veo ningún pago que salga de ahí { $when }.
afford-below = Faltan { $left } { $when }: { $available } disponibles en { $accounts }, menos { $bills } de pagos:
afford-overdrawn = { $accounts }: en descubierto por { $available }, así que no queda nada para gastar { $when }{ $count ->
    [0] .
   *[other] ; vienen pagos por { $bills }:
  }
afford-not-counted = El gasto diario hasta entonces no está restado. Son cifras, no un consejo.
afford-not-counted-savings = Los ahorros ({ $savings }) no se cuentan, y el gasto diario hasta entonces no está restado. Son cifras, no un consejo.
afford-other-currency = No veo ninguna cuenta en { $currency } de donde gastar, y no convierto monedas.
afford-no-account = No veo ninguna cuenta corriente ni de ahorros de donde gastar.
afford-minus = menos { $bill }
afford-sum = Quedan { $left }.
afford-rule = Se cuenta lo disponible en cuentas corrientes, menos los pagos de tarjetas y préstamos que sus bancos dan por vencer y los pagos regulares de sus cuentas que se esperan antes del próximo ingreso. Lo que se carga a una tarjeta cuenta con su estado de cuenta. El día del ingreso se calcula por los anteriores.

number-not-here = No muestro números de cuenta en un chat.
number-where = Los encuentra en la aplicación y en los estados de cuenta de { $banks }. Estas son sus cuentas, por sus últimos dígitos:
number-anywhere = Su banco los muestra en la aplicación y en los estados de cuenta.
number-ends = { $nick }: termina en { $last4 }
number-untold = { $nick }

## Reembolsos, cobros dobles, pagos sueltos

refund-came = { $money } devueltos por { $name } el { $day }, { $account }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }.
refund-all = Es todo lo que pagó el { $day }: { $paid }.
refund-part = Pagó { $paid } el { $day }; de eso faltan por devolver { $left }.
refund-no-purchase = No veo ahí ningún pago al que corresponda.
refund-more = y { $count ->
    [one] 1 reembolso anterior
   *[other] { $count } reembolsos anteriores
  }
refund-none = No veo ningún reembolso{ $about } { $when }.
refund-none-amount = No veo ningún reembolso por ese monto, ni un pago por ese monto{ $about } { $when }.
refund-none-of = { $money } a { $name } el { $day }: hasta ahora no ha regresado nada.
refund-latest = Su último pago ahí fue de { $money } el { $day }.
refund-rule = Un reembolso es dinero que un comercio devuelve. Se asigna a un pago al mismo nombre de ese día o anterior al que le quede al menos esa cantidad: a uno por exactamente esa suma, o si no al último.

duplicate-same-day = { $name } cobró { $money } { $count ->
    [2] dos veces
   *[other] { $count } veces
  } el { $day }, { $account }.
duplicate-days = { $name } cobró { $money } { $count ->
    [2] dos veces
   *[other] { $count } veces
  }, del { $day } al { $last }, { $account }.
duplicate-booked = { $count ->
    [2] Los dos cobros están contabilizados.
   *[other] Todos están contabilizados.
  }
duplicate-pending = { $count ->
    [2] Los dos cobros siguen pendientes.
   *[other] Todos siguen pendientes.
  }
duplicate-one-pending = { $count ->
    [one] Uno de ellos sigue pendiente
   *[other] { $count } de ellos siguen pendientes
  }. Puede ser el mismo pago, que aparece dos veces hasta que se contabiliza.
duplicate-back = De eso regresaron { $money } el { $day }.
duplicate-more = y { $count ->
    [one] 1 anterior
   *[other] { $count } anteriores
  }
duplicate-none = No veo ningún cobro doble{ $about } { $when }.
duplicate-rule = Se busca el mismo nombre y el mismo monto en una cuenta, con 3 días de diferencia como máximo. Los cajeros automáticos no cuentan.

status-pending = { $money } { $way ->
    [in] de { $name }
    [refund] devueltos por { $name }
    [own-in] recibidos, { $name },
    [own-out] enviados, { $name },
   *[out] a { $name }
  } el { $day }: sigue pendiente, { $account }. { $bank } todavía no lo contabiliza.
status-booked = { $money } { $way ->
    [in] de { $name }
    [refund] devueltos por { $name }
    [own-in] recibidos, { $name },
    [own-out] enviados, { $name },
   *[out] a { $name }
  } el { $day }: ya está contabilizado, { $account }.
status-original = El comercio cobró { $money }.
status-own = Fue entre sus propias cuentas.
status-category = Categoría: { $category }.
status-text = Texto de su banco: “{ $text }”
status-several = { $pending } de { $count } pagos{ $about } { $pending ->
    [one] sigue pendiente
   *[other] siguen pendientes
  }:
status-several-booked = { $count ->
    [2] Los dos
   *[other] Los { $count }
  } pagos{ $about } están contabilizados:
status-older = y { $count } anteriores
status-pending-out = { $sum } pendientes{ $about }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
status-pending-in = { $sum } pendientes por recibir{ $about }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
status-pending-means = Pendiente significa que su banco conoce el pago y todavía no lo contabiliza.
status-none-pending = No hay nada pendiente{ $about }.
status-latest = Lo último es { $row }.
status-rule = Si un pago está pendiente o contabilizado es como lo informa su banco; el día es el del pago, o si no el de su contabilización.

## Cómo salió una respuesta

explain-nothing = Todavía no hay ninguna respuesta mía que explicar. Pregunte primero por un saldo o por sus gastos.
explain-sum = { $sum } gastados{ $about } { $when } vienen de { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  }:
explain-zero = { $sum }, porque no encontré pagos{ $about } { $when }.
explain-back = { $sum } más regresaron de lo que se pagó{ $about } { $when }:
explain-rest = y { $count } más: { $sum }
explain-formula = Pagos { $paid } menos { $back } que regresaron = { $sum }.
explain-own = No se cuenta: { $money }, { $name } ({ $day }).
explain-own-why = Ese dinero se quedó en sus propias cuentas. Lo que compra con una tarjeta cuenta al comprarlo; contar también el pago de la tarjeta lo contaría dos veces.
explain-rules = No se cuentan: transferencias entre sus propias cuentas, pagos de tarjeta e ingresos. Los reembolsos se restan, los pagos pendientes cuentan.
explain-rule = Usted cuenta { $merchant } como { $category }.
explain-compare = Cuando un período no ha terminado, se compara el mismo número de días.
explain-plus = { $account }: { $money }
explain-minus = menos lo que debe en { $account }: { $money }
explain-owed-apart = { $account }: { $money } por pagar, no restados
explain-added = Lo disponible, sumado: { $sum }.
explain-owed-added = Lo que debe, sumado: { $sum }.
explain-net = Sumado, menos lo que debe: { $sum }.
explain-booked = { $account }: { $booked } contabilizados, { $available } disponibles.
explain-pending = La diferencia está pendiente: { $sum }, en { $count ->
    [one] 1 pago
   *[other] { $count } pagos
  } que su banco todavía no contabiliza:
explain-held = { $bank } retiene la diferencia y no dice por qué.
explain-held-too = { $bank } retiene algo más y no dice por qué.
explain-available = { $account }: { $money } disponibles, como lo informa { $bank }.
explain-booked-only = { $account }: { $money } contabilizados, como lo informa { $bank }.
explain-owed = { $account }: { $money } por pagar, como lo informa { $bank }.
explain-rows = Estos son los movimientos como los envió su banco, los más nuevos primero.
explain-read = Leído de { $banks }.
explain-read-bank = { $bank } ({ $moment })

## Títulos de botones y respuestas rápidas: 20 caracteres como máximo

title-balance = Saldo
title-spending = Gastos
title-total = Total
title-net = Menos deudas
title-recent = Últimos movimientos
title-more = Más
title-how = ¿Cómo se calculó?
title-vs-last-month = vs. mes pasado
title-vs-month-before = vs. mes anterior
title-see-payments = { $count ->
    [one] Ver el pago
   *[other] Ver los { $count } pagos
  }
title-see-all = Ver todos los pagos
title-top = En qué se fue
title-chart = Gráfico
title-by-merchant = Por comercio
title-due = Cuándo vence
title-upcoming = Próximos pagos
title-both-mine = Los dos son míos
title-not-me = No fui yo
title-known = Lo reconozco
title-regular = Pagos regulares
title-owed = Lo que debo
title-limit = Límite de crédito
title-help = ¿Qué puede hacer?
title-person = Hablar con alguien
title-both = Ambas
title-all = Todas
title-account = { $account }
title-try-again = Intentar de nuevo
title-try-bank-again = Reintentar { $bank }
title-renew = Renovar
title-renew-bank = Renovar { $bank }
title-keep-reading = Seguir leyendo
title-call-bank = Llamar a { $bank }

## Alrededor de una conversación: lo que muestra la página antes de que alguien escriba (el saludo tiene 160 caracteres
## como máximo), y sus preguntas para tocar.

page-greeting = Pregunte por sus saldos, tarjetas y gastos. Soy un asistente automático: leo los bancos que usted vincula y no puedo mover dinero.
ask-balance = ¿Cuánto tengo en mi cuenta?
ask-spending = ¿Cuánto gasté este mes?
ask-activity = ¿Cuáles fueron mis últimos pagos?
ask-help = ¿Qué puede hacer?

## Charla

greet = Hola. Pregunte por sus saldos o sus gastos.
greet-disclosure = Soy un asistente automático. Leo los bancos que usted vincula, respondo según lo que informan y no puedo mover dinero.
thanks = De nada.
affirm = Muy bien. ¿Qué le gustaría saber?
bye = Hasta luego.
smalltalk = Soy un bot para preguntas sobre sus cuentas. Pregunte por un saldo o por sus gastos.
abuse = Quiero hacerlo bien. Si prefiere, le puede ayudar una persona.
help = Puedo decirle cuánto hay en sus cuentas, cuánto debe y cuánto gastó. Solo leo; no puedo mover dinero.
  Pruebe una de estas:
  • ¿Cuánto tengo en ahorros?
  • ¿Cuánto gasté en supermercado el mes pasado?
  • Muéstreme mis últimos 5 movimientos
unknown-first = No le entendí. ¿Quiso decir una de estas?
unknown-second = Todavía no le entiendo. Pregunte así, por ejemplo: “¿Cuánto gasté en café en octubre?” O hable con una persona.
unknown-third = No lo estoy logrando, así que debería ayudarle una persona.
out-of-scope = Eso no lo puedo hacer. Puedo informarle sobre saldos, tarjetas, pagos y gastos de sus propias cuentas.
out-of-scope-payee = No puedo cancelar ni cambiar nada en “{ $name }”: solo leo. Eso se hace con ellos o con su banco.
not-yet = Entiendo lo que quiere: { $what }. Todavía no puedo hacerlo.
what-export = una copia de sus datos
what-lock = bloquear este chat
cancel-done = Detenido. No se cambió nada.
nothing-to-cancel = No hay nada que detener en este momento.
nothing-to-repeat = No hay ninguna respuesta anterior que repetir.
interim = Sigo esperando a { $bank }…
interim-any = Sigo esperando a su banco…
apology = Lo siento, algo falló de mi lado y no pude responder. Por favor pregunte de nuevo.
attachment = No puedo leer archivos, imágenes ni mensajes de voz. Por favor escríbalo.

## Vínculos y permisos

link-needed = Para responder eso necesito leer su banco, y todavía no hay ninguno vinculado.
link-how = Todavía no se puede vincular un banco desde este chat: lo hace quien administra este bot. Solo leo, y nunca pido un PIN ni una contraseña.
link-status = Tiene vinculado { $banks }.
link-status-bank = { $bank } ({ $data }) hasta el { $until }
no-links = No hay ningún banco vinculado.
privacy = Messenger transporta lo que escribimos, así que Meta puede ver este chat, también las cifras, y el equipo de esta página también. Nadie más las ve; con «ocultar montos» desaparecen.
link-status-limits = Solo puedo leer, no puedo mover dinero, y nada se usa para publicidad.
privacy-kept = Lo que envía su banco queda unos minutos en memoria y nunca en disco. Sus mensajes se guardan cifrados hasta que están respondidos, mis respuestas un día, y las conexiones, los ajustes y el registro de lecturas hasta que usted los borre. Leo un banco solo cuando usted pregunta o para una alerta que usted pidió; cada lectura queda registrada para usted, y nada se usa para publicidad. A los bancos les pido ofertas solo si usted lo permite.
renew-ended = Su permiso para { $bank } terminó el { $until }, así que no puedo leerlo.
renew-stands = Su permiso para { $bank } figura aquí hasta el { $until }; su banco puede haberle puesto fin antes.
renew-how = Todavía no se puede renovar desde este chat: lo hace quien administra este bot.
renew-keep = El banco no hace falta para eso: un toque y sigo.
kept-reading = { $bank }: sigo leyendo { $data } hasta el { $until }.
consent-confirm = Para seguir leyendo { $bank } después del { $until } necesito otra vez su sí.
consent-ends = Su permiso para { $bank } termina el { $until }.
consent-ends-today = Su permiso para { $bank } termina hoy.
link-how-login = Puede vincular { $banks }: usted inicia sesión en el propio banco, nunca en este chat.
link-how-promise = Solo leo, no puedo mover dinero, y nada se usa para publicidad. Puede desvincularlo cuando quiera.
link-all = Todos los bancos que se pueden vincular aquí ya están vinculados.
link-unknown = Ese banco no se puede vincular aquí.
linked = { $bank } está vinculado: puedo leer { $data } hasta el { $until }.
linked-undo = Leo solo cuando usted pregunta o para una alerta que usted pidió. Diga «desvincular» cuando quiera para terminarlo.
linked-ask = ¿Qué le gustaría saber?
link-failed = La vinculación de { $bank } no se completó.
link-foreign = { $bank } no se vinculó: quien inició sesión allí no es quien lo pidió en este chat. Si alguien le envió un enlace, no lo use.
link-expired = Eso tardó demasiado o ya se usó.
link-nothing-linked = No se vinculó ni se leyó nada.
link-wrong-code = Ese no es el código de la página. Son dos grupos de cuatro letras.
renew-login = Para renovarlo, inicie sesión en su banco.
session-locked = Primero confirme que es usted: desbloquee en su banco y le respondo enseguida. En este chat no se escribe nada secreto.
session-lock = Bloqueado. No diré ninguna cifra hasta que desbloquee en su banco.
session-unlocked = Desbloqueado.
session-stranger = Sigue bloqueado: quien inició sesión allí no es la persona cuyas cuentas están vinculadas a este chat.
session-nothing = No hay nada que bloquear: no se vinculó ningún banco desde este chat.
export = Aquí están sus datos en un archivo: lo vinculado, sus ajustes y el registro de lecturas. La descarga es válida 10 minutos y funciona una vez.
title-unlock = Desbloquear
title-consent = Lo que acepté
title-access-log = Registro completo
title-who-read = ¿Quién leyó?
title-export = Descargar
title-undo = Deshacer
title-category = { $category }
title-explain = Ver completo
title-reveal = Mostrar una vez
title-privacy = Privacidad
unlink-which = ¿Qué banco quiere desvincular?
unlink-ask = ¿Desvinculo { $banks }? Entonces ya no podré { $count ->
    [one] leerlo
   *[other] leerlos
  }, y se borra lo que guardo para eso.
unlink-done = { $banks } { $count ->
    [one] ya no está vinculado
   *[other] ya no están vinculados
  }: la clave de acceso, la lista de cuentas y lo que había en memoria se borraron. Puede que su banco aún muestre la autorización: también puede terminarla allí.
unlink-kept = No se cambió nada: { $banks } { $count ->
    [one] sigue vinculado
   *[other] siguen vinculados
  }.
title-unlink = Sí, desvincular
title-keep = Mantener
title-bank = { $bank }
title-banks = Mis bancos

## Quién leyó qué, y montos ocultos

title-private = ¿Es privado?
title-who-saw = Quién vio mis datos
title-hide-amounts = Ocultar montos
title-show-amounts = Mostrar montos
data-accounts = lista de cuentas
data-balances = saldos
data-transactions = pagos
data-details = datos de la cuenta
topic-accounts = sus cuentas
topic-access-log = las consultas
access-ever = {""}
access-when = {" "}({ $span })
access-head = { $count ->
    [one] 1 consulta
   *[other] { $count } consultas
  } de sus datos bancarios{ $when }, la más reciente primero:
access-earlier = Consultas anteriores de sus datos bancarios{ $when }:
access-none = No he consultado ningún dato bancario suyo{ $when }.
access-nobody = Nadie más los ha leído por este servicio.
access-read = { $at }: { $bank }, { $data }, porque usted preguntó (tema: { $topic })
access-reused = { $at }: { $bank }, { $data } todavía en memoria, porque usted preguntó (tema: { $topic })
access-failed = { $at }: { $bank }, { $data }, sin respuesta, porque usted preguntó (tema: { $topic })
access-stopped = { $at }: { $bank }, detenido: { $data } sin leer, aunque usted preguntó por { $topic }
access-stop-ordered = { $at }: { $bank }, toda lectura detenida por orden
access-resume-ordered = { $at }: { $bank }, lectura permitida de nuevo
access-desk = { $at }: nuestro equipo tomó la conversación y podía leer este chat
access-linked = { $at }: { $bank }, vinculado por usted
access-unlinked = { $at }: { $bank }, desvinculado por usted
access-renewed = { $at }: { $bank }, renovado por usted
access-confirmed = { $at }: { $bank }, usted permitió seguir leyendo
access-paused = { $at }: { $bank }, sin leer hasta que usted diga otra vez que sí
access-ended = { $at }: { $bank }, su permiso terminó
mask-on = Desde ahora los montos están ocultos. Los de más arriba en este chat se quedan ahí: Messenger los guarda.
mask-off = Los montos se muestran otra vez.

## Una persona se hace cargo

handoff = Le comunico con una persona. La espera habitual es de { $wait }.

## Derechos y problemas: el camino más corto, y nada más

secret-typed = Por favor borre ese mensaje: contiene algo secreto. Nunca pido un PIN, contraseña, número de tarjeta ni código, y no lo guardé. Cámbielo si alguien más pudo verlo.
card-lost = Llame ahora a su banco para bloquear la tarjeta:
card-lost-bank = { $bank }: { $phone }
card-lost-no-line = { $bank }: llame al número en el reverso de su tarjeta.
card-lost-none = Llame ahora a su banco, al número en el reverso de la tarjeta, y pida que la bloqueen.
dispute = Avise ahora a su banco que eso no es suyo; cuanto antes, mejor se conservan sus derechos:
dispute-bank = { $bank }: { $phone }
dispute-no-line = { $bank }: llame al número en el reverso de su tarjeta.
dispute-none = Avise ahora a su banco, al número en el reverso de su tarjeta, que ese pago no es suyo.
complaint = Lo he anotado como queja, con la fecha y la hora.
alert-stop = Todos los avisos están desactivados. Solo escribo cuando usted escribe primero.

## Cómo se llega a una persona, lo que todavía no existe

title-start = Comenzar
title-link = Vincular un banco
title-call-person = Llámenos
desk-phone = También puede llamar al { $phone }.
desk-hours = Nuestro equipo atiende { $hours }.
desk-wait = La espera habitual es de { $wait }.
desk-none = Una persona de su banco puede ayudarle: el número está en el reverso de su tarjeta.
what-other = otra cosa

## Idioma y zona horaria

language-set = De ahora en adelante respondo en español.
language-which = Hablo español, inglés y alemán. ¿Cuál prefiere?
title-english = English
title-german = Deutsch
title-spanish = Español
time-zone-set = { $time } es su hora local ahora: me guío por la hora de { $place }.
time-zone-which = { $time } es su hora local según lo que sé, por la hora de { $place }. Para cambiarla, diga una ciudad grande, por ejemplo “zona horaria Chicago”.

title-dispute = Reclamar
dispute-payment = Se refiere a { $money } en { $name } el { $day }, de { $account }. He anotado que no es suyo; solo su banco puede decidirlo.
dispute-payments = Se refiere a uno de estos { $count } pagos. He anotado que no es suyo; solo su banco puede decidirlo.
dispute-not-found = No encuentro ese pago en este momento, pero su banco sí puede. He anotado que no es suyo.
desk-closed = En este momento no hay nadie de nuestro equipo.

## Pasar a una persona, y volver

title-leave-message = Dejar un mensaje
handoff-now = Le paso ahora con una persona de nuestro equipo.
handoff-message = Escriba aquí su mensaje. Una persona de nuestro equipo lo leerá cuando vuelva y responderá en este chat.
handoff-quiet = Verá este chat, no sus cuentas. Yo guardo silencio hasta que me lo devuelvan.
handoff-back = Ya estoy de vuelta: el bot, un asistente automático. Pregúnteme por sus saldos, tarjetas, pagos y gastos.
handoff-refused = No pude comunicarme con nuestro equipo en este momento, así que le atiendo de nuevo yo, el bot.

note-asked = La persona pidió hablar con un ser humano.
note-message = La persona deja un mensaje; no había nadie.
note-complaint = La persona se queja.
note-lost = El bot no entendió a la persona.
note-card-lost = Informó de una tarjeta perdida o robada.
note-dispute = Dice que un pago no es suyo.
note-last = La última pregunta al bot fue sobre { $what }.
topic-balances = saldos
topic-cards = tarjetas o préstamos
topic-spending = gastos
topic-income = ingresos
topic-bills = facturas y pagos regulares
topic-payments = pagos

## Borrar todo

title-delete-all = Sí, borrar todo
title-no = No
delete-ask = ¿Borro todo lo que guardo de usted: conexiones con bancos, ajustes, la memoria de nuestra conversación y el registro de consultas? Queda un recibo de su petición, que la ley exige conservar. Messenger tiene su propia copia de este chat: bórrela allí.
delete-kept = No se borró nada.
delete-done = Todo lo que guardaba de usted está borrado, y ya no puedo consultar sus bancos. Queda el recibo de esto; el chat lo borra Messenger. Puede que su banco aún muestre la autorización: también puede terminarla allí.

## Avisos: lo que alguien quiere saber sin preguntar. Las primeras palabras de un aviso no llevan importes.

title-alert-low = Saldo bajo
title-alert-large = Pago grande
title-alert-income = Llega un ingreso
title-alert-list = Mis avisos
title-alert-stop = Quitar avisos
title-amount = { $money }
alert-kinds = Puedo avisarle cuando una cuenta baje de un importe, cuando un pago supere un importe o cuando llegue un ingreso. Por ejemplo: «Avísame si la cuenta corriente baja de 500».
alert-none = No tiene avisos.
alert-amount-low = ¿Por debajo de qué importe le aviso?
alert-amount-large = ¿A partir de qué importe le aviso de un pago?
alert-which-account = Por debajo de { $amount }, ¿en qué cuenta: { $accounts }?
alert-no-account = Una tarjeta o un préstamo no puede bajar de un importe. Puedo vigilar una cuenta corriente o de ahorro.
alert-other-currency = Esa cuenta no está en { $currency } y yo no convierto. Diga el importe en la moneda de la cuenta.
alert-too-many = Son más que los { $count } avisos que guardo. STOP los quita todos y luego puede poner otros.
alert-all-accounts = todas sus cuentas
alert-set-low = Le avisaré cuando { $account } baje de { $amount }.
alert-set-large = Le avisaré de un pago de más de { $amount } en { $account }.
alert-set-income = Le avisaré cuando llegue un ingreso a { $account }.
alert-set-end = STOP lo quita. Guardo su aviso, nunca lo que envía su banco. Si usted lleva un día sin escribir, el aviso espera hasta que lo haga.
alert-list = Tiene { $count ->
    [one] 1 aviso
   *[other] { $count } avisos
  }:
alert-line-low = • { $account } baja de { $amount }
alert-line-large = • Un pago de más de { $amount } en { $account }
alert-line-income = • Llega un ingreso a { $account }
alert-list-end = STOP los quita todos.
alert-low = { $account } está por debajo de su límite: ahora { $money }, y su límite es { $limit }.
alert-large = Pago por encima de su límite en { $account }: { $money } a { $name } el { $day }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }.
alert-income = Ha llegado un ingreso a { $account }: { $money } de { $name } el { $day }{ $state ->
    [pending] {" "}(pendiente)
   *[booked] {""}
  }.
alert-more = { $count ->
    [one] 1 más como este.
   *[other] { $count } más como estos.
  }
alert-ended = Ya no puedo comprobar sus avisos en { $bank }: allí ya no hay consentimiento para eso. Continuarán cuando vuelva a vincularlo.
alert-paused = Ya no puedo revisar sus alertas de { $bank }: su sí para leerlo venció. Siguen cuando usted diga «seguir leyendo».
alert-end = STOP quita sus avisos.

## Presupuestos

title-budget = Mi presupuesto
budget-about = {" "}para { $what }
budget-one = { $amount } al mes{ $about }
budget-set = { $amount } al mes es ahora su presupuesto{ $about }. Cuenta meses naturales.
budget-removed = { $count ->
    [one] Su presupuesto de { $budgets } está eliminado.
   *[other] Sus presupuestos están eliminados: { $budgets }.
  }
budget-none = No tiene un presupuesto así. Para fijar uno, diga por ejemplo: «Ponme un presupuesto de 300 para comida».
budget-amount = ¿Cuánto al mes? Diga por ejemplo: «Ponme un presupuesto de 300 para comida».
budget-too-many = Son más que los { $count } presupuestos que guardo. Quite uno primero.
category-kept = Desde ahora, { $merchant } cuenta como { $category }.
category-which = ¿Como qué debe contar { $merchant }?
category-removed = { $merchant } vuelve a contar como dice su banco.
category-none = { $merchant } ya cuenta como dice su banco.
category-too-many = No guardo más de { $count } reglas, así que esta no la guardé.
category-how = Dígame el comercio y qué es, por ejemplo «Corner Foods es restaurantes».
budget-left = { $spent } de { $limit } gastados{ $about } { $when }. Quedan { $left }.
budget-over = { $spent } de { $limit } gastados{ $about } { $when }: { $left } de más.
budget-partial = { $spent } de { $limit } gastados{ $about } { $when } en lo que he podido leer.
budget-other-currencies = { $sum } en otra moneda no se cuentan: no convierto.

## Páginas

web-link-head = Vincular { $bank } con su chat
web-link-choose = Vincular un banco con su chat
web-choose = Elija un banco
web-link-who = El chat con «{ $page }» en Messenger lo pidió a las { $at }. Si alguien le envió este enlace, cierre la página: su chat vería las cuentas de usted.
web-link-what = Qué se lee
web-link-what-text = Sus cuentas, saldos y movimientos. Solo se lee: no se puede mover dinero.
web-link-for = Para qué
web-link-for-text = Para responder sus propias preguntas y para las alertas que usted pida. Para nada más: ni publicidad ni venta. Las ofertas se piden solo si usted lo permite en el chat.
web-link-long = Por cuánto tiempo
web-link-long-text = Hasta que el banco lo termine, un año como máximo.
web-link-long-days = Hasta que el banco lo termine, { $days } días como máximo.
web-link-long-again = Hasta que el banco lo termine, { $days } días como máximo. Cada { $again } días pregunto en el chat si puedo seguir; sin su sí dejo de leer.
web-link-undo = Cómo deshacerlo
web-link-undo-text = Diga «desvincular» en el chat, cuando quiera. Lo que se guardó para eso se borra.
web-link-agree = Acepto que se lea este banco para eso.
web-link-go = Continuar al banco
web-unlock-head = Muestre que es usted
web-unlock-text = Su chat con «{ $page }» está bloqueado. Inicie sesión en su banco y sigue. Si usted no lo pidió, cierre la página.
web-back-head = Falta un paso
web-back-text = Vuelva a su chat. Solo cuenta cuando esté allí de nuevo.
web-back-open = Abrir el chat
web-back-code = O escriba este código en el chat:
web-stop-head = No funcionó
web-stop-over = Este enlace ya se usó o es demasiado viejo. Pida uno nuevo en el chat.
web-stop-foreign = Esto se inició en otro navegador, así que no se vinculó nada. Pida un enlace nuevo en el chat.
web-stop-declined = No se vinculó ni se leyó nada. Puede cerrar esta página.
web-stop-bank = El banco no responde como debe en este momento. No se vinculó nada; inténtelo más tarde.
web-stop-locked = Su chat ya está bloqueado. Escriba allí de nuevo, demuestre que es usted y pregunte otra vez.
web-stop-agree = Elija un banco y marque la casilla si acepta. No se vinculó nada.
web-open = Mostrar
web-once = Esta página se abre una vez, para quien la pidió en el chat.
web-consent-head = Lo que aceptó
web-consent-none = No hay ningún banco vinculado.
web-consent-line = Hasta el { $until } ({ $left ->
    [0] último día
    [one] queda 1 día
   *[other] quedan { $left } días
  }): { $data }.
web-consent-asked-again = Hasta el { $until }: { $data }. Antes de que acabe el { $last } ({ $left ->
    [0] hoy
    [one] queda 1 día
   *[other] quedan { $left } días
  }) necesito otra vez su sí.
web-consent-paused = Sin leer después del { $last }, porque necesito otra vez su sí. Escriba «seguir leyendo» en el chat. El permiso del banco vale hasta el { $until }.
web-consent-ended = Terminó el { $until } y ya no se lee. Escriba «renovar» en el chat.
web-unlink-head = Desvincular un banco
web-unlink-text = Ya no se lee, y lo que se guarda de él se borra. Puede que su banco aún muestre el consentimiento: también puede terminarlo allí.
web-unlink-go = Desvincular
web-unlink-done = { $bank } se está desvinculando. El chat le dirá cuando esté hecho.
web-uses-head = Leído últimamente
web-uses-more = Todo: pregunte en el chat «¿quién vio mis datos?».
web-log-head = Quién leyó sus datos
web-log-none = Nadie ha leído nada.
web-log-proof = Puede comprobar que no se ha cambiado ni quitado nada: pídame una copia de sus datos y ejecute «balancebot audit verify my-data.json» con la clave { $key }.
web-export-head = Sus datos en un archivo
web-export-text = Lo vinculado, sus ajustes y el registro de lecturas, en JSON. No contiene cifras de su banco: no se guarda ninguna.
web-export-go = Descargar
web-privacy-head = Privacidad
web-explain-head = Cómo llegué a esto
web-reveal-head = Los importes
web-answer-forgotten = Estas cifras no se guardan en ningún sitio. Salen de la memoria a las { $at }.
web-deletion-head = Eliminación de sus datos
web-deletion-under-way = Su solicitud se está cumpliendo. Tarda menos de un minuto; vuelva a cargar esta página entonces.
web-deletion-stuck = Su solicitud está aceptada, pero todavía no se pudo cumplir. Las personas de este servicio la ven y la terminarán.
web-deletion-done = Todo lo que se guardaba de usted está borrado: vínculos con bancos, ajustes, la memoria de nuestra conversación y el registro de consultas. Queda el recibo de esto. El chat lo borra Messenger, y puede que su banco aún muestre el permiso: también puede terminarlo allí.
web-deletion-nothing = No se guarda nada de usted, así que no había nada que borrar.
web-deletion-unmatched = Messenger no nos dice qué chat es el suyo, así que todavía no se borró nada. Escriba «borra mis datos» en el chat: entonces se borra todo de una vez.
web-deletion-unknown = No se conoce ninguna solicitud con este código. Las solicitudes se recuerdan alrededor de una semana.
web-deletion-later = Ahora mismo no se puede decir. Vuelva a cargar la página en un minuto.
web-deletion-code = Código de confirmación: { $code }

## Ofertas de los bancos: con un permiso propio

offers-ask = ¿Puedo pedir ofertas a sus bancos? Ellos las eligen según lo que usted pagó; yo solo las muestro, cada una con su motivo y solo cuando usted pregunta. Los comercios no saben nada por mí, y puede terminarlo cuando quiera.
offers-declined = Entonces, sin ofertas. No le pedí ninguna a su banco.
offers-stopped = Las ofertas quedan desactivadas. No le pediré ninguna a su banco.
offers-head = { $count ->
    [one] Una oferta de { $bank }:
   *[other] { $count } ofertas de { $bank }:
}
offers-head-why = Por qué { $bank } le ofrece esto:
offers-more = Y { $count } más.
offer-line = • { $what }{ $until }. { $reason }
offer-at = { $merchant }: { $text }
offer-plain = { $text }
offer-until = , hasta el { $until }
offer-bought-there = { $count ->
    [one] La recibe porque pagó allí en el último día.
   *[other] La recibe porque pagó allí en los últimos { $count } días.
}
offer-bought = { $count ->
    [one] La recibe porque pagó en { $merchant } en el último día.
   *[other] La recibe porque pagó en { $merchant } en los últimos { $count } días.
}
offer-rule = El motivo del banco: “{ $rule }”.
offer-no-reason = El banco no da ningún motivo.
offers-none = { $count ->
    [one] { $banks } no tiene ofertas para usted en este momento.
   *[other] { $banks } no tienen ofertas para usted en este momento.
}
offers-silent = { $count ->
    [one] { $banks } no muestra ofertas aquí.
   *[other] { $banks } no muestran ofertas aquí.
}
offers-apart = Esta regla la aplica su banco, no yo. Leo las ofertas por separado, porque usted lo permitió ({ $since }); sus saldos y pagos no se usan para ellas, y los comercios no saben nada por mí.
title-offers-allow = Permitir ofertas
title-no-thanks = No, gracias
title-offers-stop = Terminar ofertas
title-why-this = ¿Por qué esta?
data-offers = ofertas
topic-offers = ofertas
access-offers-allowed = { $at }: usted me permitió pedir ofertas
access-offers-ended = { $at }: usted terminó las ofertas

## Cajeros

atm-near = Toque para ver un mapa de cajeros cerca de { $place }.
atm-anywhere = Toque para ver un mapa de cajeros y muévalo adonde esté. O diga un lugar: “cajero cerca de la plaza Mayor”.
atm-nothing-sent = No sé dónde está usted; el mapa sabrá lo que busca solo si lo abre.
atm-bank = La lista de su banco puede ser otra, y solo su banco sabe qué cajeros son gratis para usted.
title-map = Abrir mapa
