using System.Runtime.InteropServices;

namespace Mammo.Torch;

/// <summary>Failures of libtorch in Mammo's words.</summary>
internal static class TorchFailures
{
    /// <summary>
    /// Does work on libtorch, whose own failures all come as one exception; with checked input that is want of memory, and the lines after its first are a
    /// stack.
    /// </summary>
    /// <param name="network">Name of the network, for the message.</param>
    /// <param name="suggestedFix">What may help.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EngineFailed"/>.</exception>
    public static T Guarded<T>(string network, string suggestedFix, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException failure)
        {
            throw new MammoException(
                ErrorIds.EngineFailed, $"libtorch cannot run network '{network}': {failure.Message.Split('\n')[0].Trim()}", suggestedFix, network, failure);
        }
    }
}
