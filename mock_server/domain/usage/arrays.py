"""numpy, imported on first use: a server that only issues tokens and serves pages starts without it.

All other modules import `np` from here; an import contract enforces that.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:

    class _OnDemand:
        """Attributes of numpy, cached after the first access to each."""

        def __getattr__(self, name: str) -> Any:
            import numpy

            attribute = getattr(numpy, name)
            setattr(self, name, attribute)
            return attribute

    np = _OnDemand()

__all__ = ["Flags", "Floats", "Ints", "np"]

# As strings, so that signatures that use them do not import numpy.
Ints: TypeAlias = "NDArray[np.int64]"
Floats: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"
