using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>The maximum or mean over all positions, or the mean over the positions where the background is least probable.</summary>
/// <param name="name">The layer.</param>
/// <param name="kind">Which.</param>
/// <param name="input">What it reads.</param>
/// <param name="output">One value a channel.</param>
internal sealed unsafe class GlobalPoolStep(string name, LayerKind kind, FeatureMap input, FeatureMap output) : Step(name, [input], output)
{
    // Channels that a worker sums at a time.
    private const int ChannelsOfItem = 64;

    /// <inheritdoc/>
    public override void Run(Pass pass)
    {
        var parts = (input.Channels + ChannelsOfItem - 1) / ChannelsOfItem;
        pass.Workers.Run(pass.Images * parts, (item, _) =>
        {
            var (image, part) = Math.DivRem(item, parts);
            var first = part * ChannelsOfItem;
            Pool(pass.Memory, image, first, Math.Min(ChannelsOfItem, input.Channels - first));
        });
    }

    private void Pool(float* memory, int image, int first, int count)
    {
        var plane = input.At(memory) + (image * input.Pixels * input.Stride);
        var target = new Span<float>(Output.At(memory) + ((long)image * Output.Stride) + first, count);
        if (kind is LayerKind.GlobalMaxPooling2D)
            Maximum(plane + first, target);
        else
            Mean(plane + first, target, kind is LayerKind.TopKPooling2D top ? Lowest(plane + top.Background, top.K) : null);
    }

    private void Maximum(float* plane, Span<float> target)
    {
        target.Fill(float.NegativeInfinity);
        for (var pixel = 0L; pixel < input.Pixels; pixel++)
        {
            for (var channel = 0; channel < target.Length; channel++)
                target[channel] = Math.Max(target[channel], plane[(pixel * input.Stride) + channel]);
        }
    }

    private void Mean(float* plane, Span<float> target, long[]? pixels)
    {
        Span<double> sums = stackalloc double[ChannelsOfItem];
        var count = pixels?.Length ?? input.Pixels;
        for (var index = 0L; index < count; index++)
        {
            var values = plane + ((pixels is null ? index : pixels[index]) * input.Stride);
            for (var channel = 0; channel < target.Length; channel++)
                sums[channel] += values[channel];
        }

        for (var channel = 0; channel < target.Length; channel++)
            target[channel] = (float)(sums[channel] / count);
    }

    /// <summary>The pixels with the lowest values; of equal ones the first.</summary>
    private long[] Lowest(float* values, int count)
    {
        var all = new (float Value, long Pixel)[input.Pixels];
        for (var pixel = 0L; pixel < all.LongLength; pixel++)
            all[pixel] = (values[pixel * input.Stride], pixel);
        Array.Sort(all);
        return [.. all.Take(count).Select(entry => entry.Pixel)];
    }
}
