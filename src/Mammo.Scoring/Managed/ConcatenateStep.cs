using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>Inputs side by side along an axis that is not the channels of planes, or of shapes that are no planes.</summary>
/// <param name="name">The layer.</param>
/// <param name="inputs">What it reads; whole.</param>
/// <param name="lengths">For each input the values that lie together: its sizes from the axis on, multiplied.</param>
/// <param name="output">What it writes; whole.</param>
internal sealed unsafe class ConcatenateStep(
    string name, ImmutableArray<FeatureMap> inputs, ImmutableArray<long> lengths, FeatureMap output) : Step(name, inputs, output)
{
    /// <inheritdoc/>
    public override void Run(Pass pass)
    {
        var target = Output.At(pass.Memory);
        var rows = pass.Images * Inputs[0].Pixels * Inputs[0].Channels / lengths[0];
        for (var row = 0L; row < rows; row++)
        {
            for (var index = 0; index < lengths.Length; index++)
            {
                Buffer.MemoryCopy(
                    Inputs[index].At(pass.Memory) + (row * lengths[index]), target, lengths[index] * sizeof(float), lengths[index] * sizeof(float));
                target += lengths[index];
            }
        }
    }
}
