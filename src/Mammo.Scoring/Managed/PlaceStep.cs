using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>Channels side by side, or the same values in another shape: the inputs have written them in place already.</summary>
internal sealed class PlaceStep(string name, ImmutableArray<FeatureMap> inputs, FeatureMap output) : Step(name, inputs, output)
{
    /// <summary>Each tile of the output is made of the inputs' tiles at the same place.</summary>
    public bool KeepsTiles => Inputs.All(input => (input.Rows, input.Columns) == (Output.Rows, Output.Columns));

    /// <inheritdoc/>
    public override void Run(Pass pass)
    {
    }
}
