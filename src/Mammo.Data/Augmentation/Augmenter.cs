using Mammo.Data.Images;

namespace Mammo.Data.Augmentation;

/// <summary>Applies a drawn transform to the channels of an image, before the feature-wise mean is subtracted.</summary>
public static class Augmenter
{
    /// <summary>The transformed channels; the given ones stay as they are, but may be returned where nothing changes.</summary>
    /// <param name="channels">Planes of height × width values on the 0..255 scale; equal planes may be the same array.</param>
    /// <param name="size">Rows and columns of every plane.</param>
    /// <param name="draw">What to do.</param>
    /// <param name="options">The options that it was drawn with.</param>
    /// <exception cref="ArgumentException">A plane has another number of values, or the draw another number of channels.</exception>
    public static float[][] Apply(IReadOnlyList<float[]> channels, ImageSize size, AugmentationDraw draw, AugmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentNullException.ThrowIfNull(options);
        if (channels.Any(plane => plane.Length != size.Height * size.Width))
            throw new ArgumentException($"Every plane needs {size.Height} x {size.Width} values.", nameof(channels));
        if (!draw.ChannelShifts.IsEmpty && draw.ChannelShifts.Length != channels.Count)
            throw new ArgumentException($"The draw is for {draw.ChannelShifts.Length} channels, not {channels.Count}.", nameof(draw));

        float[][] transformed = [.. channels];
        if (draw.Map is { } map)
            transformed = Each(transformed, plane => AffineSampler.Sample(plane, size.Height, size.Width, map, options));
        if (!draw.ChannelShifts.IsEmpty)
            transformed = Shift(transformed, draw);
        return draw.FlipHorizontal || draw.FlipVertical
            ? Each(transformed, plane => Framing.Flip(plane, size.Width, draw.FlipHorizontal, draw.FlipVertical))
            : transformed;
    }

    /// <summary>The network's channels are mostly one plane three times: what is the same array is transformed once.</summary>
    private static float[][] Each(float[][] channels, Func<float[], float[]> transform)
    {
        var made = new Dictionary<float[], float[]>(ReferenceEqualityComparer.Instance);
        return Array.ConvertAll(channels, plane => made.TryGetValue(plane, out var known) ? known : made[plane] = transform(plane));
    }

    /// <summary>Adds each channel's shift and clips to the range that all channels together had before it.</summary>
    private static float[][] Shift(float[][] channels, AugmentationDraw draw)
    {
        var (minimum, maximum) = (channels.Min(plane => plane.Min()), channels.Max(plane => plane.Max()));
        var shifted = new float[channels.Length][];
        for (var channel = 0; channel < channels.Length; channel++)
        {
            var repeats = channel > 0 && ReferenceEquals(channels[channel], channels[0]) && draw.ChannelShifts[channel] == draw.ChannelShifts[0];
            var shift = (float)draw.ChannelShifts[channel];
            shifted[channel] = repeats ? shifted[0] : Array.ConvertAll(channels[channel], value => Math.Clamp(value + shift, minimum, maximum));
        }

        return shifted;
    }
}
