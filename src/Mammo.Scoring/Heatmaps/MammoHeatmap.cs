using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Values of each class at many places of one image, and where those places are. Research use only.</summary>
public sealed record MammoHeatmap
{
    /// <summary>Full path of the image.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>How it was made.</summary>
    public required HeatmapKind Kind { get; init; }

    /// <summary>
    /// Class names in the order of the values: those of the patch classifier, <c>class0</c>, <c>class1</c>, … where the model's card does not know them.
    /// </summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Rows of the heatmap.</summary>
    public int Rows => Geometry.Rows;

    /// <summary>Columns of the heatmap.</summary>
    public int Columns => Geometry.Columns;

    /// <summary>Rows × columns × classes values: row by row, the classes of a position side by side.</summary>
    public required ImmutableArray<float> Values { get; init; }

    /// <summary>
    /// The values of a position are probabilities, 0..1 and in sum 1. The heatmap inside a network with a head is not: it has values of 0 and above without a
    /// bound.
    /// </summary>
    public required bool IsProbability { get; init; }

    /// <summary>Where the positions lie in the resized image (<see cref="ImageSize"/>), in its pixels.</summary>
    public required HeatmapGeometry Geometry { get; init; }

    /// <summary>Size of the whole image when the heatmap was made, turned if it was.</summary>
    public required ImageSize ImageSize { get; init; }

    /// <summary>Size of the image in its file.</summary>
    public required ImageSize StoredSize { get; init; }

    /// <summary>How the stored image was turned before it was given to the network (<c>-Orient</c>).</summary>
    public ImageTurn Turn { get; init; }

    /// <summary>Which values of a DICOM file were shown to the network; null for other formats.</summary>
    public string? VoiUsed { get; init; }

    /// <summary>Of which DICOM instance it was made (SOP Instance UID); null for other formats.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>The highest position of each class.</summary>
    public ImmutableArray<HeatmapPeak> Peaks => [.. Enumerable.Range(0, Classes.Length).Select(Peak)];

    /// <summary>Ids of what makes the values doubtful, separated by semicolons; empty when nothing was noticed. The run's warnings explain them.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Engine, device and precision: <c>onnx cpu float32</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>How it was made: model, weights, kind and its options, preparation, engine; as <see cref="Evaluation.InferenceOptions"/> writes it.</summary>
    public string Inference { get; init; } = "";

    /// <summary>How its file was read, so that it can be read so again.</summary>
    internal DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>The value of a class at a position.</summary>
    /// <param name="row">Row of the heatmap.</param>
    /// <param name="column">Column of the heatmap.</param>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such position or class.</exception>
    public float At(int row, int column, int label)
    {
        Check(row, column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes.Length, nameof(label));
        return Values[(((row * Columns) + column) * Classes.Length) + label];
    }

    /// <summary>The value of a class at a position.</summary>
    /// <param name="row">Row of the heatmap.</param>
    /// <param name="column">Column of the heatmap.</param>
    /// <param name="className">Name of the class.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: no such class.</exception>
    public float At(int row, int column, string className) => At(row, column, IndexOf(className));

    /// <summary>The middle of a position in the stored image.</summary>
    /// <param name="row">Row of the heatmap.</param>
    /// <param name="column">Column of the heatmap.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such position.</exception>
    public HeatmapPlace Place(int row, int column)
    {
        Check(row, column);
        return Middle(row, column);
    }

    /// <summary>The same for any row and column, also of positions that there are not.</summary>
    internal HeatmapPlace Middle(int row, int column)
    {
        var (x, y) = Geometry.Centre(row, column);
        var turned = Turn.Apply(StoredSize);
        (x, y) = Turn.Stored((x * turned.Width / ImageSize.Width) - 0.5, (y * turned.Height / ImageSize.Height) - 0.5, turned);
        return new HeatmapPlace(x, y);
    }

    /// <summary>Where a class is highest.</summary>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such class.</exception>
    public HeatmapPeak Peak(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes.Length, nameof(label));
        var best = 0;
        for (var position = 1; position < Geometry.Count; position++)
        {
            if (Values[(position * Classes.Length) + label] > Values[(best * Classes.Length) + label])
                best = position;
        }

        var (row, column) = (best / Columns, best % Columns);
        var place = Place(row, column);
        return new HeatmapPeak(Path, Classes[label], At(row, column, label), row, column, place.X, place.Y);
    }

    /// <summary>Where a class is highest.</summary>
    /// <param name="className">Name of the class.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: no such class.</exception>
    public HeatmapPeak Peak(string className) => Peak(IndexOf(className));

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{System.IO.Path.GetFileName(Path)}: {Rows}x{Columns} positions of {Classes.Length} classes");

    /// <summary>Index of a class by its name.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: no such class.</exception>
    internal int IndexOf(string className)
    {
        for (var label = 0; label < Classes.Length; label++)
        {
            if (string.Equals(Classes[label], className, StringComparison.OrdinalIgnoreCase))
                return label;
        }

        throw new MammoException(
            ErrorIds.ModelClassMismatch, $"The heatmap has no class '{className}'; its classes are {string.Join(", ", Classes)}.", target: className);
    }

    private void Check(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
    }
}

/// <summary>Where a heatmap is highest for a class; of equal positions the first, row by row.</summary>
/// <param name="Path">Full path of the image.</param>
/// <param name="Class">The class.</param>
/// <param name="Value">The class's value there.</param>
/// <param name="Row">Row of the heatmap.</param>
/// <param name="Column">Column of the heatmap.</param>
/// <param name="X">Column of the position's middle in stored pixels.</param>
/// <param name="Y">Row of the position's middle in stored pixels.</param>
public sealed record HeatmapPeak(string Path, string Class, float Value, int Row, int Column, double X, double Y)
{
    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0} {1:0.000} at {2}", Class, Value, new HeatmapPlace(X, Y));
}

/// <summary>The middle of a heatmap's position in the stored image.</summary>
/// <param name="X">Column in stored pixels; a whole number is the middle of a pixel. It may lie outside the image by up to half a patch.</param>
/// <param name="Y">Row in stored pixels.</param>
public readonly record struct HeatmapPlace(double X, double Y)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X:0.#}, {Y:0.#}");
}
