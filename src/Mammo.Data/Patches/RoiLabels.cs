using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Data.Sweeps;

namespace Mammo.Data.Patches;

/// <summary>
/// Labels every position of a heatmap by the regions of interest of its image: the image's class where the square of one stride around the position's middle
/// touches a region, none where only its patch does, the background elsewhere. An image of another class than the background without a drawn region gets no
/// labels at all. Safe for several threads.
/// </summary>
/// <param name="geometry">The heatmap.</param>
/// <param name="size">Size of the images as the network gets them.</param>
/// <param name="background">Label of the background.</param>
public sealed class RoiLabels(HeatmapGeometry geometry, ImageSize size, int background)
{
    /// <summary>Stands where a position has no label.</summary>
    public const sbyte None = -1;

    private readonly ConcurrentDictionary<string, (ImageSize Size, ImageTurn Turn)> _stored = new(StringComparer.Ordinal);

    /// <summary>
    /// What stands beyond the image when it is transformed. Mirrored or repeated regions are regions; what the nearest pixel smears from one at the edge is
    /// none.
    /// </summary>
    public AugmentationFill Fill { get; init; }

    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>One label for each position, row by row.</summary>
    /// <param name="image">The image; its label is known.</param>
    /// <param name="draw">The transform that its pixels go through; null for none.</param>
    /// <exception cref="MammoException">Image or mask cannot be read; <see cref="ErrorIds.RoiMaskMismatch"/>.</exception>
    public sbyte[] Of(MammoImage image, AugmentationDraw? draw)
    {
        ArgumentNullException.ThrowIfNull(image);
        var labels = new sbyte[geometry.Count];
        Array.Fill(labels, (sbyte)background);
        if (image.Label == background)
            return labels;
        ImmutableArray<RoiShape> shapes = [.. image.Rois.Select(roi => roi.Shape).OfType<RoiShape>()];
        if (shapes.IsEmpty)
        {
            Array.Fill(labels, None);
            return labels;
        }

        var counts = new MaskCounts(Transformed(Draw(image.Path, shapes), draw));
        for (var position = 0; position < labels.Length; position++)
        {
            var (row, column) = Math.DivRem(position, geometry.Columns);
            if (Touches(counts, row, column, geometry.RowStride, geometry.ColumnStride))
                labels[position] = (sbyte)image.Label!.Value;
            else if (Touches(counts, row, column, geometry.PatchHeight, geometry.PatchWidth))
                labels[position] = None;
        }

        return labels;
    }

    private AugmentationOptions Beyond => new() { Fill = Fill == AugmentationFill.Nearest ? AugmentationFill.Constant : Fill };

    private bool Touches(MaskCounts counts, int row, int column, double height, double width)
    {
        var (left, top, right, bottom) = geometry.Around(row, column, height, width, size);
        return left < right && top < bottom && counts.Count(left, top, right, bottom) > 0;
    }

    private float[] Draw(string path, ImmutableArray<RoiShape> shapes)
    {
        var (stored, turn) = _stored.GetOrAdd(path, Stored);
        var plane = new float[size.Height * size.Width];
        foreach (var shape in shapes)
        {
            var mask = RoiRaster.Draw(shape, stored, size, turn: turn);
            for (var i = 0; i < plane.Length; i++)
                plane[i] = mask.Pixels[i] ? 1 : plane[i];
        }

        return plane;
    }

    // How an image is turned can depend on its pixels; without turning the header is enough.
    private (ImageSize Size, ImageTurn Turn) Stored(string path)
    {
        if (Dicom.Orient != true)
            return (ImageReader.Size(path), default);
        var image = ImageReader.Read(path, dicom: Dicom);
        return (image.Size, image.Turn);
    }

    private Mask Transformed(float[] plane, AugmentationDraw? draw)
    {
        var moved = draw is null ? plane : Augmenter.Apply([plane], size, draw with { ChannelShifts = [] }, Beyond)[0];
        return new Mask(size.Height, size.Width, Array.ConvertAll(moved, value => value > 0));
    }
}
