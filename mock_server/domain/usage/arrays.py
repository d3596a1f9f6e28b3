"""numpy, loaded when something is first computed: a server that hands out tokens and pages starts without it.

Whoever computes imports `np` from here; the import contract sees to that.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:

    class _OnDemand:
        """The module's own attributes, kept after the first look at each."""

        def __getattr__(self, name: str) -> Any:
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)
            return found

    np = _OnDemand()

__all__ = ["Flags", "Floats", "Ints", "np"]

# As text, so that the signatures that name them load nothing.
Ints: TypeAlias = "NDArray[np.int64]"
Floats: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"
