# Everything the bot says in English. Figures first; the period, account and merchant are said back; no greeting
# before a figure, no advice, nothing is "about" anything. Values come formatted for the reader's locale.

## Words that other texts are made of

list-and = and
span-today = today
span-since = since { $day }
span-until = up to { $day }
span-all = all days
category-rent = rent
category-groceries = groceries
category-coffee = coffee
category-dining = dining
category-shopping = shopping
category-entertainment = entertainment
category-transport = transport
category-travel = travel
category-fuel = fuel
category-utilities = utilities
category-health = health
category-services = services
category-education = education
category-gifts = gifts
category-cash = cash withdrawals
category-fees = fees
category-insurance = insurance
category-income = income
category-transfer = transfers to others
category-uncategorised = payments without a category

# Days, as they stand after "You've spent $5.00 on coffee".
when-this-month = so far this month ({ $span })
when-this-week = so far this week ({ $span })
when-so-far = so far ({ $span })
when-today = today
when-yesterday = yesterday ({ $span })
when-day = on { $span }
when-month = in { $span }
when-days = ({ $span })
when-since = since { $day }
when-until = up to { $day }
when-all = as far back as your banks show

# What a sum is about, as it stands after "You've spent $5.00"; each carries the rest after itself.
about-merchant = {" "}at { $what }{ $rest }
about-category = {" "}on { $what }{ $rest }
about-except = {" "}without { $what }{ $rest }
about-account = {" "}from { $what }{ $rest }
and-others = { $count ->
    [one] 1 other
   *[other] { $count } others
  }

## How old figures are, and what is missing

as-of = As of { $moment }.
as-of-bank = { $bank }: as of { $moment }.
trouble-still = It's still the same:
trouble-down = { $bank } isn't answering right now.
trouble-account = { $bank } gave nothing for { $account } just now.
trouble-slow = { $bank } didn't answer in time.
trouble-rate-limited = { $bank } won't let me ask again just yet.
trouble-rate-limited-until = { $bank } won't let me ask again before { $until }.
trouble-consent-ended = Your consent for { $bank } has ended.
trouble-unconfirmed = I stopped reading { $bank } after { $until }: I need your yes to go on.
trouble-not-covered = My access to { $bank } doesn't cover this.
trouble-switched-off = Reading { $bank } is switched off at the moment.
trouble-stopped-by-bank = { $bank } has stopped my access, since { $since }. Until it lifts that, I read nothing there.
trouble-stopped-by-us = We have stopped reading { $bank }, since { $since }. Until that is lifted, I read nothing there.
trouble-stopped-others = Everything from { $banks } works as always.
trouble-nothing = So I have no figure to show you.
not-included = Not included: { $sources }.
kept-from = Your bank shows nothing before { $day }, so this starts there.
outside-history = Your bank shows nothing before { $day }, so I can't tell for { $span }.
period-future = That time hasn't come yet ({ $span }), so there is nothing to show.

## Accounts that are not there

no-such-account = I see no account of yours called “{ $words }”.
bank-not-linked = { $bank } isn't linked here.
no-accounts = I see no such account among the ones you linked.
your-accounts = Yours are { $accounts }.
ask-which-account = Which account do you mean? I see { $accounts }.

## Balances

balance-available = { $money } available in { $account }.
balance-booked = { $money } booked in { $account }.
balance-overdrawn = { $money } in { $account }: it is overdrawn.
balance-owed = { $money } owed on { $account }.
balance-in-credit = { $money } overpaid on { $account }: nothing is owed.
balance-now = That is how it stands now; I can't tell how it stood { $when }.
balance-untold = { $bank } doesn't tell a balance for { $account }.
balance-booked-besides = Booked balance: { $money }.
line-available = { $account }: { $money } available
line-booked = { $account }: { $money } booked
line-overdrawn = { $account }: { $money } (overdrawn)
line-owed = { $account }: { $money } owed
line-in-credit = { $account }: { $money } overpaid, nothing owed
line-untold = { $account }: { $bank } doesn't tell a balance

## Totals

total = Your total is { $sum }, available at { $banks }.
total-below = Your total is { $sum } at { $banks }: it is overdrawn.
total-below-partial = { $sum } at { $banks }: it is overdrawn.
total-apart = { $sum } available at { $banks }. The currencies are kept apart.
total-partial = { $sum } available at { $banks }.
total-owed = You owe { $owed } at { $banks }; that is not taken off.
total-overpaid = { $sum } is overpaid at { $banks }; that is not added.
total-untold = { $bank } doesn't tell a balance for { $account }, so it is not included.
total-owed-only = You owe { $owed } at { $banks }.
total-none = I see no checking, savings, card or loan account to add up.
total-booked = Your bank tells only the booked balance of { $accounts }, so that is what counts here.
net = { $net } net: { $available } available minus { $owed } owed.
net-partial = { $net } net of what I can see: { $available } available minus { $owed } owed.
net-banks = From { $banks }.
total-converted = That is { $sum } in one currency, at { $rates } on { $day }.
rate = 1 { $of } = { $rate } { $into }
no-conversion = I don't convert between currencies, so each stands by itself.

## Cards and loans

card-due = { $day }: next payment due on { $account }.
card-minimum = The minimum payment is { $money }.
card-statement = The statement balance is { $money }.
card-limit = { $limit } is the credit limit of { $account }.
card-unused = { $money } of it is unused credit.
card-over-limit = It is exceeded by { $money }.
card-none = I see no card or loan among your linked accounts.
card-untold-owed = { $bank } doesn't tell what is owed on { $account }.
card-untold-due = { $bank } doesn't tell when a payment is due on { $account }.
card-untold-limit = { $bank } doesn't tell the limit of { $account }.

## Spending

spend-sum = You've spent { $sum }{ $about } { $when }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }.
spend-zero = { $sum } spent{ $about } { $when }: no payments.
spend-zero-partial = I see no payments{ $about } { $when } in what I could read.
spend-back = You got { $sum } more back than you paid{ $about } { $when }.
spend-pending = { $sum } of it is still pending ({ $names }).
spend-pending-all = All of it is still pending ({ $names }).
spend-refunds = Refunds of { $sum } are already taken off ({ $names }).
spend-received = { $sum } that others sent you is already taken off ({ $names }).
own-left-out = Transfers between your own accounts and card payments ({ $sum }) are not counted.
no-such-merchant = I see no payments at “{ $word }”{ $when }.
no-such-merchant-when = {" "}{ $when }

compare-now = { $sum } spent{ $about } { $when }.
compare-more = That is { $difference } more than the { $before } of { $span }.
compare-less = That is { $difference } less than the { $before } of { $span }.
compare-same = That is the same as the { $before } of { $span }.
compare-whole = All of { $span }: { $sum }.

top-head = You've spent { $sum }{ $about } { $when }. Most of it went here:
top-line = { $name }: { $money }
top-more = and { $count ->
    [one] 1 more
   *[other] { $count } more
  }
trend-months = You've spent { $sum }{ $about } { $when }. Month by month:
trend-weeks = You've spent { $sum }{ $about } { $when }. Week by week:
trend-line = { $span }: { $money }
trend-line-so-far = { $span } (so far): { $money }
chart-title = Spending{ $about } · { $span }
chart-so-far = so far

## Rows

row = { $day }: { $name }, { $money }{ $way ->
    [in] {" "}in
    [refund] {" "}back
    [own-in] {" "}in, between your accounts
    [own-out] , between your accounts
    [check] , a card check
   *[out] {""}
  }{ $original }{ $account }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }
row-account = , { $account }
row-original = {" "}({ $money })
list-head = Latest activity{ $about }:
list-head-earlier = Earlier activity{ $about }:
list-head-when = Activity{ $about } ({ $span }):
list-none = I see no payments{ $about } { $when }.
list-none-amount = I see no transaction of that amount{ $about } { $when }.
search-head = { $count ->
    [one] 1 transaction matches:
   *[other] { $count } transactions match:
  }
search-one = { $money } { $way ->
    [in] from { $name }
    [refund] back from { $name }
    [own-in] in, { $name },
    [own-out] out, { $name },
    [check] checked by { $name }
   *[out] to { $name }
  } on { $day }, { $account }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }.
nothing-more = That was all of it.
nothing-to-continue = There is no list of mine to go on with.

## What comes in, and what comes back

every-week = every week
every-two-weeks = every 2 weeks
every-month = every month
every-quarter = every 3 months
every-half-year = every 6 months
every-year = every year
payment-of-day = { $money } ({ $day })

income-latest = { $money } came in from { $name } on { $day }, { $account }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }.
income-sum = { $sum } received{ $about } { $when }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }:
income-none = I see no income{ $about } { $when }.
income-month = { $sum } received { $when }, in { $count } payments.
income-month-only = That is all the income { $when }.
income-month-only-partial = It is the only income I can see { $when }.
income-month-none = No income { $when }.
income-before = The latest was { $money } from { $name } on { $day }.
income-received = Others sent you { $sum } ({ $names }); that is not counted as income.
income-next = The next from { $name } is expected on { $day }. That is an estimate, because it came { $every } ({ $days }).
income-next-late = The next from { $name } was expected on { $day } and isn't there yet. That is an estimate, because it came { $every } ({ $days }).
income-next-unknown = I can't tell when the next comes: I see too few earlier ones in a steady rhythm.
income-rule = Counted: wages and other money from outside. Not counted: transfers between your own accounts and refunds; what others sent you is named apart. The next day is estimated from the rhythm of the earlier ones.

recurring-monthly = { $sum } a month for { $count ->
    [one] 1 subscription
   *[other] { $count } subscriptions
  }:
recurring-head = { $count ->
    [one] 1 payment comes
   *[other] { $count } payments come
  } back regularly:
recurring-line = { $name }: { $money } { $every }, last on { $day }
recurring-varies = { $name }: { $every }, { $money } on { $day }; the amount varies
recurring-rose = { $name } went up by { $difference }, from { $before } to { $after } on { $day }.
recurring-fell = { $name } went down by { $difference }, from { $before } to { $after } on { $day }.
recurring-not-monthly = What doesn't come monthly is not in that sum.
recurring-paid = { $sum } went to subscriptions{ $about } { $when }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }:
recurring-paid-others = { $sum } went to other regular payments{ $about } { $when }:
recurring-paid-none = I see no regular payment{ $about } { $when }.
recurring-others = Other regular payments:
recurring-none = I see no payment{ $about } that comes back regularly.
recurring-because = { $name }: { $payments }, { $every }
recurring-sum-because = The latest of each monthly subscription, added up: { $sum }.
recurring-rule = Counted as regular: the same name at least 3 times in a steady rhythm, or twice on the same day of the month where your bank shows nothing older, and amounts that stay alike. Shops, cafés and the like count only at one price.

## Bills ahead

bill-expected = { $day }: { $name }, { $money } expected{ $account }
bill-varies = { $day }: { $name }, expected{ $account }; { $money } last time, the amount varies
bill-late = { $day }: { $name }, { $money } was expected and isn't there yet{ $account }
bill-statement = { $day }: { $account }, statement of { $money } due{ $least }
bill-instalment = { $day }: { $account }, { $money } due{ $least }
bill-untold = { $day }: { $account }, payment due; { $bank } doesn't tell how much
bill-least = {" "}(at least { $money })
upcoming-until = until { $day }
upcoming-between = ({ $span })
upcoming-head = { $sum } ahead{ $about } { $when }, in { $count ->
    [one] 1 bill
   *[other] { $count } bills
  }:
upcoming-head-untold = { $count ->
    [one] 1 bill is
   *[other] { $count } bills are
  } ahead { $when }:
upcoming-none = I see no bill ahead{ $about } { $when }.
upcoming-over = Those days are over ({ $span }), so nothing is ahead in them.
upcoming-estimate = What is expected goes by earlier payments: an estimate, not a promise.
upcoming-told = { $account }: { $money } due on { $day }, as { $bank } tells it
upcoming-told-day = { $account }: a payment due on { $day }, as { $bank } tells it
upcoming-rule = Due days of cards and loans are those that banks tell; of a card the statement counts. Other bills are expected one turn after the last payment of the same name, at the last amount.

## What can be spent, account numbers

afford-rest = { $rest } would be left after { $price }.
afford-short = { $rest } is missing for { $price }.
afford-until-income = before the next income, expected on { $day }
afford-until = until { $day }
afford-left = { $left } is left to spend { $when }: { $available } available in { $accounts }, minus { $bills } of bills:
afford-all = { $available } is available in { $accounts }, and I see no bill to pay from it { $when }.
afford-below = { $left } is missing { $when }: { $available } available in { $accounts }, minus { $bills } of bills:
afford-overdrawn = { $accounts }: overdrawn by { $available }, so nothing is left to spend { $when }{ $count ->
    [0] .
   *[other] ; bills of { $bills } come:
  }
afford-not-counted = Everyday spending until then is not taken off. These are figures, not advice.
afford-not-counted-savings = Savings ({ $savings }) are not counted, and everyday spending until then is not taken off. These are figures, not advice.
afford-other-currency = I see no account in { $currency } to spend from, and I don't convert.
afford-no-account = I see no checking or savings account to spend from.
afford-minus = minus { $bill }
afford-sum = That leaves { $left }.
afford-rule = Counted: what is available in checking, minus card and loan payments that your banks say are due and regular payments from your accounts that are expected before the next income. What is charged to a card counts with its statement. The day of the income is estimated from earlier ones.

number-not-here = I don't show account numbers in a chat.
number-where = You find them in the app and on the statements of { $banks }. These are yours, by their last digits:
number-anywhere = Your bank shows them in the app and on statements.
number-ends = { $nick }: ends in { $last4 }
number-untold = { $nick }

## Refunds, charges that stand twice, single payments

refund-came = { $money } came back from { $name } on { $day }, { $account }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }.
refund-all = That is all of the { $paid } you paid on { $day }.
refund-part = You paid { $paid } on { $day }; { $left } of it has not come back.
refund-no-purchase = I see no payment there that it belongs to.
refund-more = and { $count ->
    [one] 1 older refund
   *[other] { $count } older refunds
  }
refund-none = I see no refund{ $about } { $when }.
refund-none-amount = I see no refund of that amount, and no payment of it{ $about } { $when }.
refund-none-of = { $money } to { $name } on { $day }: nothing of it has come back so far.
refund-latest = Your latest payment there was { $money } on { $day }.
refund-rule = A refund is money that a shop books back. It is put to a payment of the same name on or before its day with at least as much left: one of exactly that sum, else the latest.

duplicate-same-day = { $money } was charged { $count ->
    [2] twice
   *[other] { $count } times
  } by { $name } on { $day }, { $account }.
duplicate-days = { $money } was charged { $count ->
    [2] twice
   *[other] { $count } times
  } by { $name }, from { $day } to { $last }, { $account }.
duplicate-booked = { $count ->
    [2] Both are booked.
   *[other] All are booked.
  }
duplicate-pending = { $count ->
    [2] Both are still pending.
   *[other] All are still pending.
  }
duplicate-one-pending = { $count ->
    [one] One of them is
   *[other] { $count } of them are
  } still pending. It may be the same payment, shown twice until it is booked.
duplicate-back = { $money } of it came back on { $day }.
duplicate-more = and { $count ->
    [one] 1 older one
   *[other] { $count } older ones
  }
duplicate-none = I see no double charge{ $about } { $when }.
duplicate-rule = Looked for: the same name and the same amount on one account, at most 3 days apart. Cash machines are left out.

status-pending = { $money } { $way ->
    [in] from { $name }
    [refund] back from { $name }
    [own-in] in, { $name },
    [own-out] out, { $name },
   *[out] to { $name }
  } on { $day } is still pending, { $account }. { $bank } hasn't booked it yet.
status-booked = { $money } { $way ->
    [in] from { $name }
    [refund] back from { $name }
    [own-in] in, { $name },
    [own-out] out, { $name },
   *[out] to { $name }
  } on { $day } is booked, { $account }.
status-original = The other side charged { $money }.
status-own = It went between your own accounts.
status-category = Category: { $category }.
status-text = Your bank's text: “{ $text }”
status-several = { $pending } of { $count } payments{ $about } { $pending ->
    [one] is
   *[other] are
  } still pending:
status-several-booked = { $count ->
    [2] Both
   *[other] All { $count }
  } payments{ $about } are booked:
status-older = and { $count } older
status-pending-out = { $sum } is pending{ $about }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }:
status-pending-in = { $sum } is pending and coming in{ $about }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }:
status-pending-means = Pending means that your bank knows of it and hasn't booked it yet.
status-none-pending = Nothing is pending{ $about }.
status-latest = The latest is { $row }.
status-rule = Whether a payment is pending or booked is as your bank tells it; the day is that of the payment, else of its booking.

## How an answer came about

explain-nothing = There is no answer of mine to explain yet. Ask for a balance or your spending first.
explain-sum = { $sum } spent{ $about } { $when } comes from { $count ->
    [one] 1 payment
   *[other] { $count } payments
  }:
explain-zero = { $sum }, because I found no payments{ $about } { $when }.
explain-back = { $sum } more came back than was paid{ $about } { $when }:
explain-rest = and { $count } more: { $sum }
explain-formula = Payments { $paid } minus { $back } that came back = { $sum }.
explain-own = Left out: { $money }, { $name } ({ $day }).
explain-own-why = That money stayed in your own accounts. What you buy with a card counts when you buy it; counting the card payment too would count it twice.
explain-rules = Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
explain-rule = You count { $merchant } as { $category }.
explain-compare = When a period isn't over, the same number of days is compared.
explain-plus = { $account }: { $money }
explain-minus = minus owed on { $account }: { $money }
explain-owed-apart = { $account }: { $money } owed, not taken off
explain-added = The available amounts added up: { $sum }.
explain-owed-added = What is owed, added up: { $sum }.
explain-net = Added up, minus what is owed: { $sum }.
explain-booked = { $account }: { $booked } is booked, { $available } is available.
explain-pending = The difference is pending: { $sum }, in { $count ->
    [one] 1 payment
   *[other] { $count } payments
  } your bank hasn't booked yet:
explain-held = { $bank } holds the difference back and doesn't say for what.
explain-held-too = { $bank } holds back more and doesn't say for what.
explain-available = { $account }: { $money } is available, as { $bank } tells it.
explain-booked-only = { $account }: { $money } is booked, as { $bank } tells it.
explain-owed = { $account }: { $money } is owed, as { $bank } tells it.
explain-rows = These are the rows as your bank sent them, newest first.
explain-read = Read from { $banks }.
explain-read-bank = { $bank } ({ $moment })

## Titles of buttons and quick replies: at most 20 characters

title-balance = Balance
title-spending = Spending
title-total = Total
title-net = Net of debts
title-recent = Recent activity
title-more = More
title-how = How computed?
title-vs-last-month = vs last month
title-vs-month-before = vs the month before
title-see-payments = { $count ->
    [one] See the payment
   *[other] See the { $count } payments
  }
title-see-all = See all payments
title-top = Where it went
title-chart = Chart
title-by-merchant = By merchant
title-due = Payment due
title-upcoming = Upcoming bills
title-both-mine = Both are mine
title-not-me = It wasn't me
title-known = I know it
title-dispute = Dispute it
title-regular = Regular payments
title-owed = What I owe
title-limit = Credit limit
title-help = What can you do?
title-person = Talk to a person
title-both = Both
title-all = All of them
title-account = { $account }
title-try-again = Try again
title-try-bank-again = Try { $bank } again
title-renew = Renew
title-renew-bank = Renew { $bank }
title-keep-reading = Keep reading
title-call-bank = Call { $bank }

## Around a conversation: what the page shows before anybody writes (the greeting has 160 characters at most), and its
## questions to tap. Each `ask-…` goes by the payload of an offer in `offers.toml`.

page-greeting = Ask me about your balances, cards and spending. I'm an automated assistant: I read the banks you link, and I can't move money.
ask-balance = What's my balance?
ask-spending = What did I spend this month?
ask-activity = What were my latest payments?
ask-help = What can you do?

## Talk

greet = Hello. Ask me about your balances or your spending.
greet-disclosure = I'm an automated assistant. I read the banks you link, answer from what they say, and can't move money.
thanks = You're welcome.
affirm = All right. What would you like to know?
bye = Goodbye.
smalltalk = I'm a bot for questions about your accounts. Ask me about a balance or your spending.
abuse = I'd like to get this right. A person can help you instead, if you prefer.
help = I can tell you what is in your accounts, what you owe, and what you spent. I only read; I can't move money.
  Try one of these:
  • How much do I have in savings?
  • What did I spend on groceries last month?
  • Show my last 5 transactions
unknown-first = I didn't get that. Did you mean one of these?
unknown-second = I still don't follow. Ask like this, for example: “How much did I spend on coffee in October?” Or talk to a person.
unknown-third = I'm not getting this right, so a person should help you.
out-of-scope = I can't do that. I can tell you about balances, cards, payments and spending in your own accounts.
out-of-scope-payee = I can't cancel or change anything at “{ $name }”: I only read. That goes through them or your bank.
not-yet = I understand that you want { $what }, but I can't do that yet.
what-export = a copy of your data
what-lock = to lock this chat
cancel-done = Stopped. Nothing was changed.
nothing-to-cancel = There is nothing to stop right now.
nothing-to-repeat = There is no earlier answer to repeat.
interim = Still waiting for { $bank }…
interim-any = Still waiting for your bank…
apology = Sorry, something went wrong on my side and I couldn't answer. Please ask again.
attachment = I can't read files, pictures or voice messages. Please write it in words.

## Links and consents

link-needed = To answer that I need to read your bank, and none is linked yet.
link-how = Linking a bank from this chat isn't built yet: whoever runs this bot sets links up. I only read, and I never ask for a PIN or password.
link-status = You have linked { $banks }.
link-status-bank = { $bank } ({ $data }) until { $until }
no-links = No bank is linked.
privacy = Messenger carries what we write, so Meta can see this chat, with the figures in it, and so can the team of this page. Nobody else does; hide them with “hide amounts”.
link-status-limits = I can only read, I can't move money, and nothing is used for ads.
privacy-kept = Your bank's figures stay in memory for a few minutes, never on disk. Your messages are kept encrypted until they're answered, my replies for a day, links, settings and the log of reads until you delete them. I read a bank only when you ask, or for an alert you set; each read is logged for you, and nothing is used for ads. Banks are asked for offers only if you allow that.
renew-ended = Your consent for { $bank } ended on { $until }, so I can't read it.
renew-stands = Your consent for { $bank } is noted here until { $until }; your bank may have ended it earlier.
renew-how = Renewing from this chat isn't built yet: whoever runs this bot does it.
renew-keep = The bank isn't needed for it: one tap, and I go on.
kept-reading = { $bank }: I'll go on reading { $data } until { $until }.
consent-confirm = To keep reading { $bank } after { $until }, I need your yes again.
consent-ends = Your consent for { $bank } ends on { $until }.
consent-ends-today = Your consent for { $bank } ends today.
link-how-login = You can link { $banks }: you sign in at the bank itself, never in this chat.
link-how-promise = I only read, I can't move money, and nothing is used for ads. You can unlink any time.
link-all = Every bank that can be linked here is linked already.
link-unknown = That bank can't be linked here.
linked = { $bank } is linked: I can read { $data } until { $until }.
linked-undo = I read only when you ask, or for an alert you set. Say “unlink” any time to end it.
linked-ask = What would you like to know?
link-failed = Linking { $bank } didn't finish.
link-foreign = { $bank } was not linked: whoever signed in there is not who asked for it in this chat. If somebody sent you a link, don't use it.
link-expired = That took too long, or was used before.
link-nothing-linked = Nothing was linked, and nothing was read.
link-wrong-code = That's not the code on the page. It is two groups of four letters.
renew-login = To renew, sign in at your bank.
session-locked = Please confirm first that it's you: unlock at your bank, and I'll answer right away. Nothing secret is typed in this chat.
session-lock = Locked. I'll tell no figures until you unlock at your bank.
session-unlocked = Unlocked.
session-stranger = Still locked: whoever signed in there isn't the customer whose accounts are linked to this chat.
session-nothing = There is nothing to lock: no bank was linked from this chat.
export = Here is your data as a file: what is linked, your settings, and the log of reads. The download is valid for 10 minutes and works once.
title-unlock = Unlock
title-consent = What I agreed to
title-access-log = Full log
title-who-read = Who read my data?
title-export = Download
title-undo = Undo
title-category = { $category }
title-explain = See in full
title-reveal = Show once
title-privacy = Privacy
unlink-which = Which bank do you want to unlink?
unlink-ask = Unlink { $banks }? Then I can't read { $count ->
    [one] it
   *[other] them
  } any more, and what I keep for that is deleted.
unlink-done = { $banks } { $count ->
    [one] is
   *[other] are
  } unlinked: the access key, the list of accounts and what was in memory are deleted. Your bank may still list the consent: you can end it there, too.
unlink-kept = Nothing was changed: { $banks } { $count ->
    [one] stays
   *[other] stay
  } linked.
title-unlink = Yes unlink
title-keep = Keep it
title-bank = { $bank }
title-banks = My banks

## Who read what, and amounts hidden

title-private = Is this private?
title-who-saw = Who saw my data?
title-hide-amounts = Hide amounts
title-show-amounts = Show amounts
data-accounts = list of accounts
data-balances = balances
data-transactions = transactions
data-details = account details
topic-accounts = your accounts
topic-access-log = who read the data
access-ever = {""}
access-when = {" "}({ $span })
access-head = { $count ->
    [one] 1 use
   *[other] { $count } uses
  } of your bank data{ $when }, newest first:
access-earlier = Earlier uses of your bank data{ $when }:
access-none = I haven't used any of your bank data{ $when }.
access-nobody = Nobody else has read it through this service.
access-read = { $at }: { $bank }, { $data }, because you asked about { $topic }
access-reused = { $at }: { $bank }, { $data } still in memory, because you asked about { $topic }
access-failed = { $at }: { $bank }, { $data }, without an answer, because you asked about { $topic }
access-stopped = { $at }: { $bank }, stopped: { $data } not read, though you asked about { $topic }
access-stop-ordered = { $at }: { $bank }, all reading stopped by order
access-resume-ordered = { $at }: { $bank }, reading allowed again
access-desk = { $at }: our team took over and could read this chat
access-linked = { $at }: { $bank }, linked by you
access-unlinked = { $at }: { $bank }, unlinked by you
access-renewed = { $at }: { $bank }, renewed by you
access-confirmed = { $at }: { $bank }, you said I may keep reading
access-paused = { $at }: { $bank }, reading stopped until you say yes again
access-ended = { $at }: { $bank }, your consent ended
mask-on = Amounts are hidden from now on. Those further up in this chat stay where they are: Messenger keeps them.
mask-off = Amounts are shown again.

## A person takes over

handoff = I'm handing you over to a person. The usual wait is { $wait }.

## Rights and trouble: the shortest way, nothing else beside it

secret-typed = Please delete that message: it holds something secret. I never ask for a PIN, password, card number or code, and I haven't kept it. Change it if somebody else may have seen it.
card-lost = Call your bank now to block the card:
card-lost-bank = { $bank }: { $phone }
card-lost-no-line = { $bank }: call the number on the back of your card.
card-lost-none = Call your bank now, at the number on the back of the card, and ask them to block it.
dispute = Tell your bank now that it isn't yours; the sooner, the better your rights are kept:
dispute-bank = { $bank }: { $phone }
dispute-no-line = { $bank }: call the number on the back of your card.
dispute-payment = You mean { $money } at { $name } on { $day }, from { $account }. I've noted that it isn't yours; only your bank can decide on it.
dispute-payments = You mean one of these { $count }. I've noted that it isn't yours; only your bank can decide on it.
dispute-not-found = I can't find that payment just now, but your bank can. I've noted that it isn't yours.
dispute-none = Tell your bank now, at the number on the back of your card, that this payment isn't yours.
complaint = I've noted this as a complaint, with the date and time.
alert-stop = All alerts are off. I write only when you write first.

## How a person is reached, what is not built yet

title-start = Get started
title-link = Link a bank
title-call-person = Call us
desk-phone = You can also call { $phone }.
desk-hours = The team is there { $hours }.
desk-wait = The usual wait is { $wait }.
desk-none = A person at your bank can help: the number is on the back of your card.
desk-closed = No person of our team is here right now.

## Handing over to a person, and back

title-leave-message = Leave a message
handoff-now = I'm passing you to a person of our team now.
handoff-message = Write your message here. A person of our team reads it when they're back, and answers in this chat.
handoff-quiet = They see this chat, not your accounts. I'm quiet until they hand back to me.
handoff-back = I'm back: the bot, an automated assistant. Ask me about your balances, cards, payments and spending.
handoff-refused = I couldn't reach our team just now, so you have me, the bot, again.

# What the people at the desk get with a thread. Never a figure, a name or the person's own words.
note-asked = The person asked for a human.
note-message = The person leaves a message; nobody was at the desk.
note-complaint = The person complains.
note-lost = The bot did not understand the person.
note-card-lost = They reported a lost or stolen card.
note-dispute = They say that a payment is not theirs.
note-last = The last question to the bot was about { $what }.
topic-balances = balances
topic-cards = cards or loans
topic-spending = spending
topic-income = income
topic-bills = bills and regular payments
topic-payments = payments

## Erasing everything

title-delete-all = Yes delete all
title-no = No
delete-ask = Erase everything I keep of you: links to banks, settings, our conversation's memory and the log of reads? What stays is a receipt that you asked, which the law wants kept. Messenger keeps its own copy of this chat: delete it there.
delete-kept = Nothing was erased.
delete-done = Everything I kept of you is erased, and I can't read your banks any more. What stays is the receipt of this; the chat itself is Messenger's to delete. Your bank may still list the consent: you can end it there, too.
what-other = something else

## Language and time zone

language-set = I'll answer in English from now on.
language-which = I speak English, German and Spanish. Which one would you like?
title-english = English
title-german = Deutsch
title-spanish = Español
time-zone-set = { $time } is your local time now: I go by the clock of { $place }.
time-zone-which = { $time } is your local time as I know it, by the clock of { $place }. To change it, name a big city, like “use Chicago time”.

## Alerts: what the person asked to be told. The first words of a told one carry no amount.

title-alert-low = Low balance
title-alert-large = Large payment
title-alert-income = Income arrives
title-alert-list = My alerts
title-alert-stop = Stop alerts
title-amount = { $money }
alert-kinds = I can tell you when an account goes under an amount, when a payment is over an amount, or when income arrives. For example: “Tell me if checking goes under 500.”
alert-none = You have no alerts.
alert-amount-low = Under which amount shall I tell you?
alert-amount-large = Over which amount shall I tell you of a payment?
alert-which-account = Under { $amount } on which account: { $accounts }?
alert-no-account = A card or loan can't go under an amount. I can watch a checking or savings account.
alert-other-currency = That account isn't in { $currency }, and I don't convert. Say the amount in the account's currency.
alert-too-many = That is more than the { $count } alerts I keep. STOP ends all of them, then you can set new ones.
alert-all-accounts = all your accounts
alert-set-low = I'll tell you when { $account } goes under { $amount }.
alert-set-large = I'll tell you of a payment over { $amount } on { $account }.
alert-set-income = I'll tell you when income arrives on { $account }.
alert-set-end = STOP ends it. I keep your alert, never what your bank sends. If you haven't written for a day, it waits until you do.
alert-list = You have { $count ->
    [one] 1 alert
   *[other] { $count } alerts
  }:
alert-line-low = • { $account } goes under { $amount }
alert-line-large = • A payment over { $amount } on { $account }
alert-line-income = • Income arrives on { $account }
alert-list-end = STOP ends all of them.
alert-low = { $account } is under your limit: { $money } now, and your limit is { $limit }.
alert-large = Payment over your limit on { $account }: { $money } to { $name } on { $day }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }.
alert-income = Income has arrived on { $account }: { $money } from { $name } on { $day }{ $state ->
    [pending] {" "}(pending)
   *[booked] {""}
  }.
alert-more = { $count ->
    [one] 1 more like it.
   *[other] { $count } more like these.
  }
alert-ended = I can't check your alerts at { $bank } any more: it no longer has your consent for that. They go on when you link it again.
alert-paused = I can't check your alerts at { $bank } any more: your yes to reading it has run out. They go on when you say “keep reading”.
alert-end = STOP ends your alerts.

## Budgets

title-budget = My budget
budget-about = {" "}for { $what }
budget-one = { $amount } a month{ $about }
budget-set = { $amount } a month is your budget{ $about } now. It counts calendar months.
budget-removed = { $count ->
    [one] Your budget of { $budgets } is removed.
   *[other] Your budgets are removed: { $budgets }.
  }
budget-none = You have no such budget. To set one, say for example: “Set a budget of 300 for groceries.”
budget-amount = How much a month? Say for example: “Set a budget of 300 for groceries.”
budget-too-many = That is more than the { $count } budgets I keep. Remove one first.
category-kept = From now on { $merchant } counts as { $category }.
category-which = What should { $merchant } count as?
category-removed = { $merchant } counts as your bank says again.
category-none = { $merchant } counts as your bank says already.
category-too-many = That is more than the { $count } rules I keep, so I did not keep this one.
category-how = Tell me the merchant and what it is, for example “Corner Foods is dining”.
budget-left = { $spent } of { $limit } spent{ $about } { $when }. { $left } is left.
budget-over = { $spent } of { $limit } spent{ $about } { $when }: { $left } over.
budget-partial = { $spent } of { $limit } spent{ $about } { $when } in what I could read.
budget-other-currencies = { $sum } in another currency is not counted: I don't convert.

## Pages

web-link-head = Link { $bank } to your chat
web-link-choose = Link a bank to your chat
web-choose = Choose a bank
web-link-who = The chat with “{ $page }” in Messenger asked for this at { $at }. If somebody sent you this link, close the page: their chat would see your accounts.
web-link-what = What is read
web-link-what-text = Your accounts, balances and transactions. Reading only: money can't be moved.
web-link-for = What for
web-link-for-text = To answer your own questions, and for alerts you set. Nothing else: no ads, no sale. Offers are asked for only if you allow that in the chat.
web-link-long = How long
web-link-long-text = Until the bank ends it, one year at most.
web-link-long-days = Until the bank ends it, { $days } days at most.
web-link-long-again = Until the bank ends it, { $days } days at most. Every { $again } days I ask in the chat whether to go on; without your yes I stop.
web-link-undo = How to undo it
web-link-undo-text = Say “unlink” in the chat, at any time. What was kept for it is deleted.
web-link-agree = I agree that this bank is read for this.
web-link-go = Continue to the bank
web-unlock-head = Show that it's you
web-unlock-text = Your chat with “{ $page }” is locked. Sign in at your bank, and it goes on. If you didn't ask for this, close the page.
web-back-head = One more step
web-back-text = Go back to your chat. Only when you are there again does it count.
web-back-open = Open the chat
web-back-code = Or type this code in the chat:
web-stop-head = This didn't work
web-stop-over = This link was used before, or is too old. Ask for a new one in the chat.
web-stop-foreign = This was begun in another browser, so nothing was linked. Ask for a new link in the chat.
web-stop-declined = Nothing was linked, and nothing was read. You can close this page.
web-stop-bank = The bank doesn't answer as it should at the moment. Nothing was linked; try again later.
web-stop-locked = Your chat is locked by now. Write there again, show that it's you, and ask once more.
web-stop-agree = Please choose a bank and tick the box if you agree. Nothing was linked.
web-open = Show
web-once = This page opens once, for the person who asked for it in the chat.
web-consent-head = What you agreed to
web-consent-none = No bank is linked.
web-consent-line = Until { $until } ({ $left ->
    [0] last day
    [one] 1 day left
   *[other] { $left } days left
  }): { $data }.
web-consent-asked-again = Until { $until }: { $data }. By { $last } ({ $left ->
    [0] today
    [one] 1 day left
   *[other] { $left } days left
  }) I need your yes again.
web-consent-paused = Not read since { $last }, for I need your yes again. Say “keep reading” in the chat. The bank's consent stands until { $until }.
web-consent-ended = Ended on { $until }, not read any more. Say “renew” in the chat.
web-unlink-head = Unlink a bank
web-unlink-text = It is read no more, and what is kept of it is deleted. Your bank may still list the consent: you can end it there, too.
web-unlink-go = Unlink
web-unlink-done = { $bank } is being unlinked. The chat says when it is done.
web-uses-head = Read of late
web-uses-more = All of it: ask “who saw my data?” in the chat.
web-log-head = Who read your data
web-log-none = Nobody has read anything.
web-log-proof = You can check that nothing in it was changed or taken out: ask me for a copy of your data, then run “balancebot audit verify my-data.json” with the key { $key }.
web-export-head = Your data as a file
web-export-text = What is linked, your settings, and the log of reads, as JSON. It holds no figure of your bank's: none is kept.
web-export-go = Download
web-privacy-head = Privacy
web-explain-head = How I got there
web-reveal-head = The amounts
web-answer-forgotten = These figures are kept nowhere. They leave memory at { $at }.
web-deletion-head = Deletion of your data
web-deletion-under-way = Your request is being carried out. That takes less than a minute; load this page again then.
web-deletion-stuck = Your request was taken and could not be carried out so far. The people behind this service see it and will finish it.
web-deletion-done = Everything that was kept of you is erased: links to banks, settings, the memory of our conversation and the log of reads. What stays is the receipt of this. The chat itself is Messenger's to delete, and your bank may still list the consent: you can end it there, too.
web-deletion-nothing = Nothing is kept of you, so there was nothing to erase.
web-deletion-unmatched = Messenger doesn't tell which chat is yours, so nothing was erased yet. Write “delete my data” in the chat: then everything goes at once.
web-deletion-unknown = No request with this code is known. Requests are remembered for about a week.
web-deletion-later = This can't be told at the moment. Please load the page again in a minute.
web-deletion-code = Confirmation code: { $code }

## Offers of the banks: asked for under their own consent

offers-ask = May I ask your banks for offers? They choose them by what you paid; I only show them, each with its reason, and only when you ask. Shops hear nothing from me, and you can stop it any time.
offers-declined = No offers, then. I asked your bank for none.
offers-stopped = Offers are off. I won't ask your bank for any.
offers-head = { $count ->
    [one] One offer from { $bank }:
   *[other] { $count } offers from { $bank }:
}
offers-head-why = Why { $bank } offers you this:
offers-more = And { $count } more.
offer-line = • { $what }{ $until }. { $reason }
offer-at = { $merchant }: { $text }
offer-plain = { $text }
offer-until = , until { $until }
offer-bought-there = { $count ->
    [one] You get it because you paid there in the last day.
   *[other] You get it because you paid there in the last { $count } days.
}
offer-bought = { $count ->
    [one] You get it because you paid at { $merchant } in the last day.
   *[other] You get it because you paid at { $merchant } in the last { $count } days.
}
offer-rule = The bank's reason: “{ $rule }”.
offer-no-reason = The bank gives no reason.
offers-none = { $count ->
    [one] { $banks } has no offers for you right now.
   *[other] { $banks } have no offers for you right now.
}
offers-silent = { $count ->
    [one] { $banks } shows no offers here.
   *[other] { $banks } show no offers here.
}
offers-apart = Your bank applied this rule, not me. I read offers apart, because you allowed it ({ $since }); your balances and payments aren't used for them, and the shops hear nothing from me.
title-offers-allow = Allow offers
title-no-thanks = No thanks
title-offers-stop = Stop offers
title-why-this = Why this?
data-offers = offers
topic-offers = offers
access-offers-allowed = { $at }: you allowed me to ask for offers
access-offers-ended = { $at }: you stopped offers

## Cash machines

atm-near = Tap for a map of cash machines near { $place }.
atm-anywhere = Tap for a map of cash machines, and move it to where you are. Or name a place: “atm near Main Street”.
atm-nothing-sent = I don't know where you are; the map learns what you look for only if you open it.
atm-bank = Your bank's own list may differ, and only your bank knows which machines are free for you.
title-map = Open map
