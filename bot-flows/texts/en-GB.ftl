# Where British English has other words than en.ftl; everything else is said as there.

total-none = I see no current, savings, card or loan account to add up.
afford-no-account = I see no current or savings account to spend from.
afford-rule = Counted: what is available in current accounts, minus card and loan payments that your banks say are due and regular payments from your accounts that are expected before the next income. What is charged to a card counts with its statement. The day of the income is estimated from earlier ones.
