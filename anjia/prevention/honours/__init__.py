"""平安家庭推选: rounds with a basis, applications of households, the draw, the public notice.

Of cases this room learns one word a household, through `engine.matters.blind`, and keeps not even that.
"""
