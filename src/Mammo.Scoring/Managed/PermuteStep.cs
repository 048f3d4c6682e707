using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>Axes in another order.</summary>
/// <param name="name">The layer.</param>
/// <param name="shape">Sizes of the input.</param>
/// <param name="axes">For each axis of the output that of the input, from 1.</param>
/// <param name="input">What it reads; whole.</param>
/// <param name="output">What it writes; whole.</param>
internal sealed unsafe class PermuteStep(
    string name, ImmutableArray<int> shape, ImmutableArray<int> axes, FeatureMap input, FeatureMap output) : Step(name, [input], output)
{
    /// <inheritdoc/>
    public override void Run(Pass pass)
    {
        var length = input.Pixels * input.Channels;
        var strides = new long[shape.Length];
        for (var (axis, stride) = (shape.Length - 1, 1L); axis >= 0; stride *= shape[axis--])
            strides[axis] = stride;
        for (var image = 0; image < pass.Images; image++)
        {
            float* source = input.At(pass.Memory) + (image * length), target = Output.At(pass.Memory) + (image * length);
            for (var index = 0L; index < length; index++)
            {
                var (rest, from) = (index, 0L);
                for (var axis = axes.Length - 1; axis >= 0; axis--)
                {
                    from += rest % shape[axes[axis] - 1] * strides[axes[axis] - 1];
                    rest /= shape[axes[axis] - 1];
                }

                target[index] = source[from];
            }
        }
    }
}
