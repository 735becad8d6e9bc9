"""The parts the page is made of: frame, cards, levers, charts, maps, tables, files. They know nothing of the model.

Every part takes texts that are already translated, numbers as they are (a share is 0.074), and a `locale` ("id" or
"en") for their form. `words` is one mapping for all parts, made by `kit.words.words`. Parts are a Python signature and
a Vue file of the same name; what they share (formats, colours, icons, tables) is in `sim/ui/assets`.
"""
