using static TorchSharp.torch;

namespace Mammo.Networks.Torch;

/// <summary>How many threads libtorch computes with on the CPU; one setting for the process.</summary>
internal static class TorchThreads
{
    /// <summary>Number of threads; all of the machine's cores at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    /// <exception cref="MammoException"><see cref="ErrorIds.TorchUnavailable"/>: libtorch cannot be loaded.</exception>
    public static int Count
    {
        get
        {
            NativeTorch.EnsureLoaded();
            return get_num_threads();
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            NativeTorch.EnsureLoaded();
            set_num_threads(value);
        }
    }
}
