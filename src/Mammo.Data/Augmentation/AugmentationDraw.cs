using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Numerics;

namespace Mammo.Data.Augmentation;

/// <summary>The random transform of one image, drawn before any pixel is read.</summary>
/// <param name="Map">Affine map from output to input coordinates; null when no range asks for one.</param>
/// <param name="ChannelShifts">Grey levels added to each channel; empty when there is no shift.</param>
/// <param name="FlipHorizontal">Left and right are exchanged.</param>
/// <param name="FlipVertical">Top and bottom are exchanged.</param>
public sealed record AugmentationDraw(AffineMap? Map, ImmutableArray<double> ChannelShifts, bool FlipHorizontal, bool FlipVertical)
{
    /// <summary>Draws a transform in Keras 2.0.8's order: rotation, shifts, shear, zooms, channel shifts, flips.</summary>
    /// <param name="options">The ranges.</param>
    /// <param name="size">Size of the image.</param>
    /// <param name="channels">Channels of the network's input; each takes a draw even where one shift serves all.</param>
    /// <param name="random">The generator; advanced by as many numbers as numpy's would be.</param>
    public static AugmentationDraw Draw(AugmentationOptions options, ImageSize size, int channels, NumpyRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        var map = DrawMap(options, size, random);
        var shifts = options.ChannelShiftRange == 0 ? [] : Enumerable.Range(0, channels).Select(_ => Symmetric(options.ChannelShiftRange)).ToImmutableArray();
        if (options.Smooth && !shifts.IsEmpty)
            shifts = [.. Enumerable.Repeat(shifts[0], channels)];
        var horizontal = options.HorizontalFlip && random.RandomSample() < 0.5;
        var vertical = options.VerticalFlip && random.RandomSample() < 0.5;
        return new AugmentationDraw(map, shifts, horizontal, vertical);

        double Symmetric(double range) => random.Uniform(-range, range);
    }

    private static AffineMap? DrawMap(AugmentationOptions options, ImageSize size, NumpyRandom random)
    {
        AffineMap? map = null;
        if (options.RotationRange != 0)
            map = AffineMap.Rotation(Math.PI / 180 * random.Uniform(-options.RotationRange, options.RotationRange));
        var rows = options.HeightShiftRange == 0 ? 0 : random.Uniform(-options.HeightShiftRange, options.HeightShiftRange) * size.Height;
        var columns = options.WidthShiftRange == 0 ? 0 : random.Uniform(-options.WidthShiftRange, options.WidthShiftRange) * size.Width;
        if (rows != 0 || columns != 0)
            Add(AffineMap.Shift(rows, columns));
        if (options.ShearRange != 0)
            Add(AffineMap.Shear(random.Uniform(-options.ShearRange, options.ShearRange)));
        if (options.ZoomMinimum != 1 || options.ZoomMaximum != 1)
        {
            var zoomRows = random.Uniform(options.ZoomMinimum, options.ZoomMaximum);
            Add(AffineMap.Zoom(zoomRows, random.Uniform(options.ZoomMinimum, options.ZoomMaximum)));
        }

        return map?.AboutKerasCentre(size.Height, size.Width);

        void Add(AffineMap next) => map = map is { } before ? before.After(next) : next;
    }
}
