"""Two short talks of ours, for tests of finding."""

SLEEP = """On resting well

Go to bed at the same hour each night, even on Saturdays. Your body keeps a clock, and it likes to
be able to trust it. When the evening is noisy, close the door and dim the lamps an hour before.

I used to answer messages from under the blanket. The screen kept me awake until two. Now the phone
sleeps in the kitchen, and I fall asleep within minutes. Try it for one week before you judge it.
"""
MONEY = """On asking for what you are worth

Write down the fee before the call begins. A number on paper does not blush. Say it once, slowly,
and then be silent; the silence is the hardest part of the whole conversation.

If the client says that it is too much, ask what they compare it with. Take work away before you
take the price down. A discount without a reason teaches people that your prices are decoration.

Keep a month of costs in a separate account. You negotiate badly when the rent is due on Friday.
"""
