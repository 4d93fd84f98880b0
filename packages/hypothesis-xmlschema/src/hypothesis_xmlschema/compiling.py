"""xmlschema's components → nodes, once a schema."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from xmlschema.validators import (
    XsdAnyAttribute,
    XsdAnyElement,
    XsdAttribute,
    XsdComplexType,
    XsdElement,
    XsdGroup,
    XsdSimpleType,
)

from hypothesis_xmlschema.alternatives import asked_texts, settings_of
from hypothesis_xmlschema.assertions import tabulated
from hypothesis_xmlschema.errors import UnsupportedSchemaError
from hypothesis_xmlschema.facets import XS, ancestor
from hypothesis_xmlschema.naming import (
    blocked_by,
    made_up_names,
    methods_of,
    names_beneath,
    names_itself,
    plain_names,
)
from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Attribute,
    Compositor,
    Declaration,
    Group,
    Open,
    Particle,
    Program,
    Reference,
    Typed,
    TypeUse,
    Wildcard,
)
from hypothesis_xmlschema.pruning import pruned
from hypothesis_xmlschema.refusing import is_carried, reason_of
from hypothesis_xmlschema.registers import Register
from hypothesis_xmlschema.simple import Bindings, Simple, SimpleTypes, constant
from hypothesis_xmlschema.trees import XSI, XSI_TYPE
from hypothesis_xmlschema.values import Listed, Union

if TYPE_CHECKING:
    from xmlschema import XMLSchemaBase
    from xmlschema.validators import XsdComponent

_MOST_DERIVED = 12
_MOST_ALLOWED = 12


@lru_cache(maxsize=64)
def compile_schema(schema: XMLSchemaBase, element: str) -> Program:
    """Compiles one global element of a schema.

    Args:
        schema: A built schema of xmlschema, version 1.0 or 1.1.
        element: The name of a global element that is not abstract, in Clark notation.

    Raises:
        UnsupportedSchemaError: The element, or something that it cannot do without, is beyond this generator.
    """
    _, program = _programs(schema, element)
    if program.costs[program.root] == IMPOSSIBLE:
        raise reason_of(program, program.root)
    return program


def whole_program(schema: XMLSchemaBase, element: str) -> Program:
    """The same with all that the schema says, what cannot be drawn included."""
    whole, _ = _programs(schema, element)
    return whole


@lru_cache(maxsize=64)
def _programs(schema: XMLSchemaBase, element: str) -> tuple[Program, Program]:
    """All that the schema says, and what of it can be drawn."""
    root = schema.maps.elements[element]
    compiler = _Compiler(schema)
    whole = compiler.program(root)
    drawn = pruned(tabulated(whole))
    if compiler.unnamed and drawn.costs[drawn.root] == IMPOSSIBLE:
        # Not every validator takes the word of xsi:type: only where there is no document without.
        whole = _Compiler(schema, naming=True).program(root)
        drawn = pruned(tabulated(whole))
    return whole, drawn


class _Compiler:
    """The components of one schema → nodes.

    Args:
        schema: The schema.
        naming: Whether what nothing declares may name its type, so that strict wildcards let it pass.

    Attributes:
        unnamed: Whether there are such wildcards and it may not.
    """

    def __init__(self, schema: XMLSchemaBase, *, naming: bool = False) -> None:
        self._schema, self._naming, self.unnamed = schema, naming, False
        self._bindings = Bindings({p: u for p, u in schema.namespaces.items() if not u.startswith(XS[1:-1])})
        self._simple = SimpleTypes(self._bindings, schema.target_namespace)
        self._declarations: Register[XsdElement, Declaration] = Register()
        self._types: Register[XsdComplexType | XsdSimpleType, Typed] = Register()
        self._wildcards: dict[int, Wildcard] = {}
        self._keep: list[object] = []  # what is known by its identity must live on
        self._derived: dict[int, list[Any]] | None = None
        self._asked = asked_texts(schema) if schema.XSD_VERSION > "1.0" else {}
        self._identifies = any(not name.startswith(XS) for name in schema.maps.identities)
        self._global = [component for _, component in sorted(schema.maps.elements.items())]

    def program(self, root: XsdElement) -> Program:
        number = self._number(root)
        while self._declarations.waiting or self._types.waiting:
            self._declarations.build(self._declaration)
            self._types.build(self._typed)
        return Program(
            number,
            self._declarations.built(),
            self._types.built(),
            tuple(self._bindings.prefixes.items()),
        )

    def _number(self, component: XsdElement) -> int:
        return self._declarations.number(component.ref if component.ref is not None else component)

    # Elements.

    def _declaration(self, component: XsdElement) -> Declaration:
        self._bind(component, component.fixed or component.default)
        uses: list[TypeUse] = []
        alternatives = settings_of(component)
        if not is_carried(component.name or ""):
            pass
        elif alternatives:
            uses = [
                TypeUse(self._types.number(kind), None, settings)
                for kind, settings in alternatives
                if kind.name != f"{XS}error"
            ]
        else:
            kind = component.type
            named = self._bindings.qualified(kind.name) if kind.name and names_itself(kind) else None
            uses = [] if kind.abstract else [TypeUse(self._types.number(kind), named)]
            uses += [
                TypeUse(self._types.number(kind), self._bindings.qualified(kind.name))
                for kind in self._usable_instead(component)
            ]
        return Declaration(
            component.name or "",
            tuple(uses),
            component.nillable,
            component.fixed,
            component.abstract,
            tuple(component.identities),
            bool(component.alternatives),
            component,
        )

    def _usable_instead(self, component: XsdElement) -> list[Any]:
        """The types that xsi:type may name: derived from the declared one, not abstract, not blocked."""
        declared = component.type
        if declared.name == f"{XS}anyType":
            # A field must have a simple type, which this one can only be given.
            return [self._schema.maps.types[f"{XS}string"]] if self._identifies else []
        if isinstance(declared, XsdSimpleType) or declared.name is None:
            return []
        if self._derived is None:
            self._derived = {}
            for _, kind in sorted(self._schema.maps.types.items()):
                base = kind.base_type
                while base is not None and base.name != f"{XS}anyType":
                    self._derived.setdefault(id(base), []).append(kind)
                    base = base.base_type
        usable = [
            kind
            for kind in self._derived.get(id(declared), [])
            if not kind.abstract
            and kind.name
            and kind.name in self._schema.maps.types
            and not (methods_of(kind, declared) & blocked_by(component))
        ]
        return usable[:_MOST_DERIVED]

    def _reference(self, particle: XsdElement) -> Reference:
        component = particle.ref if particle.ref is not None else particle
        numbers = [self._number(component)]
        if component.parent is None and particle.name:
            blocks = blocked_by(particle) | blocked_by(component)
            substitutes = {e.name or "": e for e in component.iter_substitutes()}
            for name, substitute in sorted(substitutes.items()):
                if substitute.abstract or name == component.name or "substitution" in blocks:
                    continue
                if methods_of(substitute.type, component.type) & blocks:
                    continue
                numbers.append(self._number(substitute))
        return Reference(component.name or "", tuple(numbers))

    # Types.

    def _typed(self, kind: XsdComplexType | XsdSimpleType) -> Typed:
        name = kind.name or repr(kind)
        if isinstance(kind, XsdSimpleType):
            return self._of_text(name, kind)
        content: Group | Simple | None
        try:
            attributes = self._attributes(kind)
            content = self._content(kind)
        except UnsupportedSchemaError as error:
            return Typed(name, reason=(error.component, error.reason), component=kind)
        wildcard = kind.attributes.get(None)
        opened = None
        open_content = getattr(kind, "open_content", None)
        if open_content is not None and open_content.mode != "none" and open_content.any_element is not None:
            opened = Open(self._wildcard(open_content.any_element), open_content.mode == "interleave")
        asserted = tuple(kind.assertions)
        for assertion in asserted:
            for literal in assertion.token.iter("(string)"):
                self._bind(kind, str(literal.value))  # it may be compared with a qualified name
        return Typed(
            name,
            attributes,
            self._any_attribute(wildcard) if isinstance(wildcard, XsdAnyAttribute) else None,
            content,
            kind.mixed,
            opened,
            asserted,
            asserted,
            component=kind,
        )

    def _of_text(self, name: str, kind: XsdSimpleType) -> Typed:
        try:
            return Typed(name, content=self._simple.compiled(kind), component=kind)
        except UnsupportedSchemaError as error:
            return Typed(name, reason=(error.component, error.reason), component=kind)

    def _content(self, kind: XsdComplexType) -> Group | Simple | None:
        if isinstance(kind.content, XsdSimpleType):
            return self._simple.compiled(kind.content)
        if not len(kind.content):
            if kind.content.model == "choice" and kind.content.min_occurs:
                raise UnsupportedSchemaError(
                    f"type {kind.name or repr(kind)}", "an empty choice allows nothing"
                )
            return None
        least, most = kind.content.occurs
        if most == 0:
            return None
        group = self._group(kind.content)
        return group if least == most == 1 else Group("sequence", (Particle(group, least, most),))

    def _attributes(self, kind: XsdComplexType) -> tuple[Attribute, ...]:
        found = []
        for name, use in sorted(kind.attributes.items(), key=lambda item: item[0] or ""):
            if name is None or not isinstance(use, XsdAttribute) or use.use == "prohibited":
                continue
            if name.startswith(XSI):
                # Every element may have these; they are not free to be drawn.
                if use.use == "required" and not (name == XSI_TYPE and kind.name):
                    raise UnsupportedSchemaError(f"type {kind.name or repr(kind)}", f"it demands {name}")
                continue
            attribute = self._attribute(name, use, required=use.use == "required")
            if attribute is not None:
                found.append(attribute)
        return tuple(found)

    def _attribute(self, name: str, use: XsdAttribute, *, required: bool) -> Attribute | None:
        try:
            simple = self._simple.compiled(use.type)
        except UnsupportedSchemaError:
            if required:
                raise
            return None
        if ancestor(use.type) == "QName":
            # What is left out is read with the default, whose prefix the document has to bind.
            self._bind(use, use.default or use.fixed)
        if use.inheritable and name in self._asked:
            # What is beneath may have no type at all unless the attribute says what some test asks for.
            asked = [text for text in self._asked[name] if simple.accepts(text)]
            if asked:
                simple = replace(simple, values=Union([Listed(asked), simple.values]))
                required = True
        if use.fixed is not None:
            simple = constant(use.fixed, simple)
        # What is left out is read as the default. An ID that every element would get is no ID, and a
        # reference that nobody wrote refers to nothing: each is written out.
        own = bool(simple.kind) and (use.default is not None or use.fixed is not None)
        return Attribute(name, simple, required or own, use.fixed)

    def _bind(self, component: XsdComponent, text: str | None) -> None:
        """Binds the prefixes of qualified names that the schema states."""
        for word in (text or "").split():
            prefix, _, _ = word.rpartition(":")
            if prefix and prefix in component.schema.namespaces:
                self._bindings.prefixes.setdefault(prefix, component.schema.namespaces[prefix])

    def _group(self, component: XsdGroup) -> Group:
        if component.ref is not None:
            component = component.ref
        compositor = cast("Compositor", component.model)
        particles: list[Particle] = []
        for particle in component:
            least, most = particle.occurs
            if most == 0:
                continue
            compiled = self._term(particle, component)
            if (
                isinstance(compiled, Group)
                and compiled.compositor == compositor == "all"
                and least == most == 1
            ):
                particles += compiled.particles
            else:
                particles.append(Particle(compiled, least, most))
        return Group(compositor, tuple(particles))

    def _term(self, particle: XsdComponent, group: XsdGroup) -> Reference | Group | Wildcard:
        if isinstance(particle, XsdAnyElement):
            return self._wildcard(particle, group)
        if isinstance(particle, XsdGroup):
            return self._group(particle)
        assert isinstance(particle, XsdElement)
        return self._reference(particle)

    # Wildcards.

    def _wildcard(self, component: XsdAnyElement, group: XsdGroup | None = None) -> Wildcard:
        known = self._wildcards.get(id(component))
        if known is not None:
            return known
        siblings = names_beneath(group) if group is not None else frozenset()
        # What a base type declares keeps its type in wildcards too (XSD 1.1 part 1, cvc-complex-type.5).
        base = component.get_parent_type()
        while isinstance(base, XsdComplexType) and base.name != f"{XS}anyType":
            if isinstance(base.content, XsdGroup):
                siblings |= names_beneath(base.content)
            base = base.base_type

        def allows(name: str) -> bool:
            if name in siblings:
                return False
            return bool(
                component.is_matching(name, group=group) if group is not None else component.is_matching(name)
            )

        known_names = self._schema.maps.elements
        names = plain_names(
            name
            for name in made_up_names(component, self._schema)
            if name not in known_names and allows(name)
        )
        declared = []
        if component.process_contents != "skip":
            declared = [
                self._number(e)
                for e in self._global
                if not e.abstract and e.name and not e.name.startswith(XS) and allows(e.name)
            ][:_MOST_ALLOWED]
        said = None
        if component.process_contents == "strict":
            # What nothing declares may pass if it says its type itself (XSD part 1, cvc-assess-elt.1.1.1.3).
            self.unnamed = self.unnamed or (bool(names) and not self._naming)
            names = names if self._naming else ()
            said = self._bindings.qualified(f"{XS}string") if names else None
        found = Wildcard(names, tuple(declared), (), allows, component.process_contents, said)
        self._wildcards[id(component)] = found
        self._keep.append(component)
        return found

    def _any_attribute(self, component: XsdAnyAttribute) -> Wildcard:
        known_names = self._schema.maps.attributes
        names: tuple[str, ...] = ()
        if component.process_contents != "strict":
            names = plain_names(
                name
                for name in made_up_names(component, self._schema)
                if name not in known_names and component.is_matching(name)
            )
        declared: list[Attribute] = []
        if component.process_contents != "skip":
            for name, use in sorted(known_names.items()):
                foreign = name.startswith("{http://www.w3.org/")
                if not foreign and component.is_matching(name):
                    attribute = self._attribute(name, use, required=False)
                    if attribute is not None and not attribute.simple.kind:
                        declared.append(attribute)
        return Wildcard(
            names,
            (),
            tuple(declared[:_MOST_ALLOWED]),
            lambda name: bool(component.is_matching(name)),
            component.process_contents,
        )
