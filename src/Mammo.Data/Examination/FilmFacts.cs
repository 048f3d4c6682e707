using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Examination;

/// <summary>What one film says of itself, as it is stored: before resizing and scaling, and the same whatever it is wanted for.</summary>
public sealed record FilmFacts
{
    /// <summary>Rows and columns as the film was read, turned if it was.</summary>
    public required ImageSize Size { get; init; }

    /// <summary>Bit depth in the file: 8 or 16.</summary>
    public required int BitDepth { get; init; }

    /// <summary>Lowest pixel.</summary>
    public required int Minimum { get; init; }

    /// <summary>Highest pixel.</summary>
    public required int Maximum { get; init; }

    /// <summary>Mean of all pixels.</summary>
    public required double Mean { get; init; }

    /// <summary>The file was in colour and has been converted.</summary>
    public bool WasColour { get; init; }

    /// <summary>What its file says against scoring it.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Which values of a DICOM file are shown; null for other formats.</summary>
    public string? VoiUsed { get; init; }

    /// <summary>Which DICOM instance it is (SOP Instance UID); null for other formats.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>How the film was turned since it was read.</summary>
    public ImageTurn Turn { get; init; }

    /// <summary>Its grey values are local contrast already, of this deviation in pixels; null for films.</summary>
    public double? LocalContrast { get; init; }

    /// <summary>Its background is bright: it is a negative of what the models expect.</summary>
    public bool LooksInverted { get; init; }

    /// <summary>All pixels are equal.</summary>
    public bool IsConstant => Minimum == Maximum;

    /// <summary>Looks at a film; one pass over the pixels, and one over its shrunk copy.</summary>
    /// <param name="stored">The film as it is in the file.</param>
    public static FilmFacts Of(GreyImage stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return Of(stored, new SmallImage(stored));
    }

    /// <summary>The same with the shrunk copy, which others need too.</summary>
    internal static FilmFacts Of(GreyImage stored, SmallImage small)
    {
        var (minimum, maximum) = stored.Range();
        var sum = 0L;
        foreach (var pixel in stored.Pixels)
            sum += pixel;
        return new FilmFacts
        {
            Size = stored.Size,
            BitDepth = stored.BitDepth,
            Minimum = minimum,
            Maximum = maximum,
            Mean = (double)sum / stored.Pixels.Length,
            WasColour = stored.WasColour,
            Findings = stored.Findings,
            VoiUsed = stored.VoiUsed,
            SopInstanceUid = stored.SopInstanceUid,
            Turn = stored.Turn,
            LocalContrast = stored.LocalContrast,
            LooksInverted = minimum != maximum && Negative.IsOne(small),
        };
    }

    /// <summary>
    /// A stored value as a preparation scales it: auto-level, target scale, rescale factor, but not equalisation and mean. Local contrast has the range
    /// 0..255 whatever the film's is.
    /// </summary>
    /// <param name="preparation">How the film is prepared.</param>
    /// <param name="value">Between <see cref="Minimum"/> and <see cref="Maximum"/>.</param>
    /// <returns>On the 0..255 scale where the preparation is right.</returns>
    public double Scaled(Preparation preparation, double value)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        double highest = Maximum;
        if ((preparation.AutoLevel || preparation.LocalContrast is not null) && !IsConstant)
        {
            highest = BitDepth == 8 || preparation.LocalContrast is not null ? byte.MaxValue : ushort.MaxValue;
            value = (value - Minimum) / (Maximum - Minimum) * highest;
        }

        if (preparation.TargetScale is { } scale && highest != 0)
            value *= scale / highest;
        return value * (preparation.RescaleFactor ?? 1);
    }
}
