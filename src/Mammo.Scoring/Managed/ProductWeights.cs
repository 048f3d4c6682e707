namespace Mammo.Scoring.Managed;

/// <summary>Packed weights of a layer and its biases, filled up with zeros to whole blocks.</summary>
/// <param name="Packed">The weights.</param>
/// <param name="Bias">The biases.</param>
internal sealed record ProductWeights<TLanes>(PackedWeights<TLanes> Packed, NativeFloats Bias) : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Packed.Dispose();
        Bias.Dispose();
    }
}
