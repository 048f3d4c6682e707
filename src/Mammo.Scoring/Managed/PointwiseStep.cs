using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>How a pointwise step joins its inputs.</summary>
internal enum Join
{
    /// <summary>Sum; of one input, the input itself.</summary>
    Sum,

    /// <summary>Mean.</summary>
    Mean,

    /// <summary>Maximum.</summary>
    Maximum,

    /// <summary>Product.</summary>
    Product,
}

/// <summary>Joins inputs value by value, from left to right, scales and shifts channels, and applies an activation.</summary>
/// <param name="name">The layer.</param>
/// <param name="inputs">What it reads, all of one shape.</param>
/// <param name="output">What it writes; may lie where an input lies.</param>
/// <param name="join">How they are joined.</param>
/// <param name="scale">Factors and offsets of the channels; null for none.</param>
/// <param name="activation">At the end.</param>
/// <param name="alpha">Factor of negative values, before the activation; null for none.</param>
internal sealed unsafe class PointwiseStep<TLanes>(
    string name, ImmutableArray<FeatureMap> inputs, FeatureMap output, Join join, (NativeFloats Factors, NativeFloats Offsets)? scale, Activation activation,
    float? alpha)
    : TileStep(name, inputs, output)
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => [.. Inputs.Select(_ => (Reach.Same, Reach.Same))];

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        foreach (var tile in Grid.Areas(tiles))
        {
            for (var row = 0; row < tile.Rows; row++)
            {
                for (var column = 0; column < tile.Columns; column++)
                    Compute(pass.Memory, Grid.Pixel(tile.Image, tile.Row + row, tile.Column + column));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute(float* memory, long pixel)
    {
        var target = Output.At(memory) + (pixel * Output.Stride);
        for (var channel = 0; channel < Output.Channels; channel += TLanes.Count)
        {
            var value = Load(memory, 0, pixel, channel);
            for (var index = 1; index < Inputs.Length; index++)
            {
                var other = Load(memory, index, pixel, channel);
                value = join switch
                {
                    Join.Maximum => TLanes.Max(value, other),
                    Join.Product => value * other,
                    _ => value + other,
                };
            }

            if (join == Join.Mean)
                value /= TLanes.Of(Inputs.Length);
            if (scale is var (factors, offsets))
                value = TLanes.MultiplyAdd(value, TLanes.Load(factors.Pointer + channel), TLanes.Load(offsets.Pointer + channel));
            if (alpha is { } slope)
                value = value.Relu() - ((default(TLanes) - value).Relu() * TLanes.Of(slope));
            if (activation == Activation.Relu)
                value = value.Relu();
            Finish<TLanes>.Store(value, target + channel, Output.Channels - channel);
        }

        if (activation is not (Activation.Linear or Activation.Relu))
            Activations.Apply(activation, new Span<float>(target, Output.Channels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Load(float* memory, int index, long pixel, int channel) => TLanes.Load(Inputs[index].At(memory) + (pixel * Inputs[index].Stride) + channel);
}
