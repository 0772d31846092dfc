"""The commands of LaTeX that formulas here know, and what each is in Unicode."""
# ruff: noqa: RUF001, E501  signs of formulas, in a table

from __future__ import annotations

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
LETTERS = GREEK | {
    "infty": "∞", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ", "emptyset": "∅", "varnothing": "∅",
    "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "top": "⊤", "bot": "⊥", "%": "%", "$": "$", "#": "#", "_": "_", "&": "&",
}  # fmt: skip
OPERATORS = {
    "cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘",
    "bullet": "∙", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "cup": "∪", "cap": "∩", "setminus": "∖",
    "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "neg": "¬", "lnot": "¬", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "ne": "≠", "neq": "≠", "ll": "≪", "gg": "≫", "approx": "≈", "equiv": "≡", "sim": "∼",
    "simeq": "≃", "cong": "≅", "propto": "∝", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂",
    "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "forall": "∀", "exists": "∃", "mid": "∣", "parallel": "∥",
    "perp": "⊥", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "Rightarrow": "⇒",
    "Leftarrow": "⇐", "leftrightarrow": "↔", "Leftrightarrow": "⇔", "iff": "⟺", "implies": "⟹", "mapsto": "↦",
    "uparrow": "↑", "downarrow": "↓", "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱",
    "sum": "∑", "prod": "∏", "int": "∫", "iint": "∬", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂", "colon": ":",
    "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "lvert": "|",
    "rvert": "|", "lVert": "‖", "rVert": "‖", "|": "‖", "{": "{", "}": "}", "backslash": "∖",
}  # fmt: skip
PRIME = "′"
PLAIN = {"-": "−", "*": "∗"}
FUNCTIONS = {
    "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "deg", "det", "dim", "exp",
    "gcd", "inf", "ker", "lg", "lim", "limsup", "liminf", "ln", "log", "max", "min", "Pr", "sin", "sinh", "sup",
    "tan", "tanh",
}  # fmt: skip
# Below and above of which their limits stand.
AROUND = {
    f"\\{name}"
    for name in (
        "sum",
        "prod",
        "bigcup",
        "bigcap",
        "lim",
        "limsup",
        "liminf",
        "max",
        "min",
        "argmax",
        "argmin",
    )
} | {"\\sup", "\\inf", "\\operatorname"}
SPACES = {
    ",": "0.17em",
    ":": "0.22em",
    ";": "0.28em",
    "!": "0em",
    " ": "0.25em",
    "quad": "1em",
    "qquad": "2em",
}
FENCES = {mark: mark for mark in "()[]|/<>"} | {
    r"\{": "{", r"\}": "}", r"\langle": "⟨", r"\rangle": "⟩", r"\lceil": "⌈", r"\rceil": "⌉", r"\lfloor": "⌊",
    r"\rfloor": "⌋", r"\lvert": "|", r"\rvert": "|", r"\lVert": "‖", r"\rVert": "‖", r"\|": "‖",
}  # fmt: skip
ACCENTS = {
    "hat": ("^", "above"), "widehat": ("^", "above"), "bar": ("¯", "above"), "overline": ("¯", "above"),
    "tilde": ("~", "above"), "widetilde": ("~", "above"), "dot": ("˙", "above"), "ddot": ("¨", "above"),
    "vec": ("→", "above"), "underline": ("_", "below"), "overbrace": ("⏞", "above"), "underbrace": ("⏟", "below"),
}  # fmt: skip
ENVIRONMENTS = {
    "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "cases": ("{", ""),
    "aligned": ("", ""), "align": ("", ""), "align*": ("", ""), "array": ("", ""),
}  # fmt: skip
# Where in Unicode A, a and 0 of a face stand, and the letters that stand elsewhere.
FACES = {
    "mathbf": (0x1D400, 0x1D41A, 0x1D7CE, ""),
    "boldsymbol": (0x1D400, 0x1D41A, 0x1D7CE, ""),
    "mathbb": (0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ"),
    "mathcal": (0x1D49C, 0x1D4B6, 0, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ"),
    "mathrm": (0, 0, 0, ""),
    "mathit": (0, 0, 0, ""),
    "mathsf": (0x1D5A0, 0x1D5BA, 0x1D7E2, ""),
    "mathtt": (0x1D670, 0x1D68A, 0x1D7F6, ""),
}


def in_face(name: str, letters: str) -> str:
    upper, lower, digit, apart = FACES[name]
    elsewhere = dict(zip(apart[::2], apart[1::2], strict=True))
    return "".join(elsewhere.get(letter, moved(letter, upper, lower, digit)) for letter in letters)


def moved(letter: str, upper: int, lower: int, digit: int) -> str:
    for first, last, start in (("A", "Z", upper), ("a", "z", lower), ("0", "9", digit)):
        if first <= letter <= last and start:
            return chr(start + ord(letter) - ord(first))
    return letter
