using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>Copies pieces of maps.</summary>
internal static unsafe class MapCopy
{
    /// <summary>Copies a rectangle, with zeros where it lies outside of the map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="memory">The plan's memory.</param>
    /// <param name="area">Image, rows and columns.</param>
    /// <param name="target">Where to; pixels of a row lie one behind the other.</param>
    /// <param name="stride">From one row to the next there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rectangle(FeatureMap map, float* memory, Tile area, float* target, nint stride)
    {
        var channels = map.Channels;
        var first = Math.Clamp(-area.Column, 0, area.Columns);
        var end = Math.Clamp(map.Columns - area.Column, first, area.Columns);
        for (var row = area.Row; row < area.Row + area.Rows; row++, target += stride)
        {
            if ((uint)row >= (uint)map.Rows)
            {
                new Span<float>(target, area.Columns * channels).Clear();
                continue;
            }

            new Span<float>(target, first * channels).Clear();
            var source = map.At(memory) + ((((((long)area.Image * map.Rows) + row) * map.Columns) + area.Column + first) * map.Stride);
            if (map.Stride == channels)
                new Span<float>(source, (end - first) * channels).CopyTo(new Span<float>(target + (first * channels), (end - first) * channels));
            else
                Separate(source, map.Stride, channels, end - first, target + (first * channels));
            new Span<float>(target + (end * channels), (area.Columns - end) * channels).Clear();
        }
    }

    /// <summary>Copies pixels between which there is something else.</summary>
    private static void Separate(float* source, int stride, int channels, int pixels, float* target)
    {
        for (var pixel = 0; pixel < pixels; pixel++, source += stride)
        {
            for (var channel = 0; channel < channels; channel++)
                *target++ = source[channel];
        }
    }
}
