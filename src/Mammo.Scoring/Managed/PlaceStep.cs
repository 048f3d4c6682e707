using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>Channels side by side, or the same values in another shape: the inputs have written them in place already.</summary>
internal sealed class PlaceStep(string name, ImmutableArray<FeatureMap> inputs, FeatureMap output) : Step(name, inputs, output)
{
    /// <inheritdoc/>
    public override void Run(Pass pass)
    {
    }
}
