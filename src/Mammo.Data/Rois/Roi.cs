using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Rois;

/// <summary>A region of interest: one annotated lesion of an image.</summary>
/// <param name="Shape">Where it is; null when the source does not say.</param>
public sealed record Roi(RoiShape? Shape)
{
    /// <summary>Number of the lesion within the image, mostly from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Kind of the lesion as the source writes it (calcification, mass, CIRC); null when unknown.</summary>
    public string? Type { get; init; }

    /// <summary>MALIGNANT, BENIGN or BENIGN_WITHOUT_CALLBACK; null when unknown.</summary>
    public string? Pathology { get; init; }

    /// <summary>Whether the pathology begins with MALIGNANT, as the original asks; null when it is unknown.</summary>
    public bool? IsMalignant => Pathology?.StartsWith("MALIGNANT", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether it is a calcification by the original's "calc", CBIS-DDSM's "calcification" or MIAS's "CALC"; every other type counts as a mass there. Null when
    /// the type is unknown.
    /// </summary>
    internal bool? IsCalcification => Type?.StartsWith("calc", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{Number}: {Type ?? "abnormality"}, {Pathology ?? "pathology unknown"}, {Shape?.ToString() ?? "place unknown"}";
}

/// <summary>
/// Where a region of interest lies: a <see cref="RoiCircle"/>, a <see cref="RoiBox"/>, a <see cref="RoiPolygon"/> or a <see cref="RoiMaskFile"/>, in pixels
/// of the stored image.
/// </summary>
public abstract record RoiShape
{
    private protected RoiShape()
    {
    }
}

/// <summary>A circle; (0, 0) is the centre of the image's top left pixel.</summary>
/// <param name="X">Column of its centre.</param>
/// <param name="Y">Row of its centre, downwards.</param>
/// <param name="Radius">Its radius in pixels.</param>
public sealed record RoiCircle(double X, double Y, double Radius) : RoiShape
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"circle at {X}, {Y}, radius {Radius}");
}

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="Box">Its place.</param>
public sealed record RoiBox(PixelBox Box) : RoiShape
{
    /// <inheritdoc/>
    public override string ToString() => $"box at {Box}";
}

/// <summary>A closed outline; (0, 0) is the centre of the image's top left pixel.</summary>
/// <param name="Points">Its corners, columns first; where the outline crosses itself, what is inside twice is outside.</param>
public sealed record RoiPolygon(ImmutableArray<(double X, double Y)> Points) : RoiShape
{
    /// <inheritdoc/>
    public bool Equals(RoiPolygon? other) => other is not null && Points.SequenceEqual(other.Points);

    /// <inheritdoc/>
    public override int GetHashCode() => Points.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() =>
        "outline " + string.Join("; ", Points.Select(point => FormattableString.Invariant($"{point.X} {point.Y}")));
}

/// <summary>
/// An image of the mammogram's proportions whose pixels above 0 are the region; where it has more than two values, those above half of the highest.
/// </summary>
/// <param name="Path">Full path of the file.</param>
public sealed record RoiMaskFile(string Path) : RoiShape
{
    /// <summary>
    /// A file that may have been exchanged with the mask, the crop of CBIS-DDSM: taken if it has the image's size and <see cref="Path"/> has not.
    /// </summary>
    public string? Alternative { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"mask {Path}";
}
