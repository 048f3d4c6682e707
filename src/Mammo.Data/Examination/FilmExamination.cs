using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Data.Examination;

/// <summary>
/// Whether films are fit for a network: what made the original's users report wrong numbers (scale, mean, bit depth, shape, inversion). The one place for these
/// thresholds: predicting, heatmaps, training and the check of datasets all ask here.
/// </summary>
/// <param name="preparation">How the films are prepared; its size and mean are compared where they are set.</param>
public sealed class FilmExamination(Preparation preparation)
{
    /// <summary>The range in which a film's maximum is after scaling, where 255 is meant; rounding of 16 bits to 257ths is outside.</summary>
    public const double LowestMaximum = 200;

    /// <summary>The upper end of that range.</summary>
    public const double HighestMaximum = 256.5;

    /// <summary>Films seen before their mean is compared with the mean that is subtracted: single films differ by 30 grey levels.</summary>
    public const int EnoughForMean = 8;

    // Proportions that change by more than half, and films that are enlarged to more than twice their size.
    private const double Distorted = 1.5;
    private const double Enlarged = 2;

    // Beyond these no contrast explains a maximum: the factor is for the other bit depth.
    private const double HighestOfEightBitsMistaken = 2;
    private const double LowestOfSixteenBitsMistaken = 1000;

    // Digitised films have some fog; above a quarter of the range the zero of the file is not black.
    private const double HighestMinimum = 64;

    // Constants that networks were trained with whatever their images' mean: half of the range, and the means of ImageNet in grey.
    private static readonly double[] Centres = [127.5, 114.5, 114.8];

    // Of patches. Their films' maximum is 255, which few reach; a film of which nothing comes near a tenth of it has another bit depth.
    private const double LowestPatchMaximum = 25;
    private const double HighestPatchMaximum = 510;

    /// <summary>The images are patches: what a whole film looks like says nothing of them.</summary>
    public bool ArePatches { get; init; }

    /// <summary>Whether a maximum after scaling is far from what it should be.</summary>
    /// <param name="scaledMaximum">The maximum.</param>
    /// <param name="top">The value that white has after scaling, see <see cref="ValueScale"/>.</param>
    public static bool IsMaximumFar(double scaledMaximum, double top = ValueScale.Original) =>
        scaledMaximum * (ValueScale.Original / top) is < LowestMaximum or > HighestMaximum;

    /// <summary>What is doubtful about one film.</summary>
    /// <param name="image">The film's place, for messages.</param>
    /// <param name="film">What it says of itself.</param>
    public IEnumerable<Finding> Examine(MammoImage image, FilmFacts film)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(film);
        return Doubts(Path.GetFileName(image.Path), film).Select(finding => finding with { Subject = image.Path, Patient = image.Patient });
    }

    /// <summary>What a file says against scoring it, with the file's name.</summary>
    internal static Finding Named(Finding finding, string name) => finding with { Message = $"'{name}': {finding.Message}" };

    /// <summary>Films of two depths in one run.</summary>
    /// <param name="what">Which films, as the beginning of a sentence.</param>
    /// <param name="top">The value that white has after scaling, see <see cref="ValueScale"/>.</param>
    public static Finding Mixed(string what, double top = ValueScale.Original) => new(ErrorIds.BitDepthMixed, $"{what}: one rescale factor cannot fit both.")
    {
        SuggestedFix = string.Create(CultureInfo.InvariantCulture, $"Convert all to one depth, or use -TargetScale {top:0.######}."),
    };

    /// <summary>The mean of several films against the mean that is subtracted.</summary>
    /// <param name="count">How many films.</param>
    /// <param name="mean">Mean of their means after scaling.</param>
    /// <param name="owner">Whose they are, or empty.</param>
    /// <returns>Null where it fits, or the films are too few to tell.</returns>
    public Finding? Mean(int count, double mean, string owner = "")
    {
        if (preparation.FeaturewiseMean?.Average is not { } subtracted || count < EnoughForMean || IsCentre(subtracted)
            || Math.Abs(mean - subtracted) <= Math.Max(15 / Unit, 0.4 * subtracted))
            return null;
        var evidence = $"The mean of {count} images{owner} is {Shown(mean)} after rescaling, but {Shown(subtracted)} is subtracted.";
        return new Finding(ErrorIds.MeanFarFromData, evidence)
        {
            SuggestedFix = "Check the rescale factor; for images of another source set -FeaturewiseMean (Get-FeaturewiseMean reports it for a training set).",
        };
    }

    /// <summary>The highest value of many patches, of which a single one says nothing.</summary>
    /// <param name="count">How many patches.</param>
    /// <param name="maximum">Highest value after scaling.</param>
    /// <param name="bitDepth">Bit depth of the first.</param>
    public Finding? Patches(int count, double maximum, int bitDepth)
    {
        if (!ArePatches || count == 0 || maximum * Unit is >= LowestPatchMaximum and <= HighestPatchMaximum)
            return null;
        var evidence = $"The highest value of {count} patches ({bitDepth} bit) is {maximum:0.##} after rescaling by {Factor:0.######}, "
            + $"but the network expects one near {preparation.Top:0.##}.";
        return new Finding(ErrorIds.BitDepthMismatch, evidence)
        {
            SuggestedFix = $"Use -RescaleFactor {FactorOf(8)} for patches of 8 bits and {FactorOf(16)} for patches of 16, or what Get-RescaleFactor "
                + $"reports for the films{Rescaled}.",
        };
    }

    private double Factor => preparation.RescaleFactor ?? 1;

    /// <summary>What brings values to the scale of 0..255, in which the thresholds are.</summary>
    private double Unit => ValueScale.Original / preparation.Top;

    // A mean of 0 is none: most networks of other programs are trained without.
    private bool IsCentre(double subtracted) => subtracted == 0 || Array.Exists(Centres, centre => Math.Abs(subtracted * Unit - centre) < 0.5);

    private string Shown(double value) => value.ToString(preparation.Top < 10 ? "0.000" : "0.0", CultureInfo.CurrentCulture);

    // Get-RescaleFactor knows no model and reports factors to 0..255.
    private string Rescaled => preparation.Top == ValueScale.Original ? ""
        : string.Create(CultureInfo.InvariantCulture, $" times {preparation.Top / ValueScale.Original:0.######}, for it reports factors to 255");

    // Invariant, and with four digits at least: the value is typed into a command.
    private string FactorOf(int bits)
    {
        var factor = preparation.Top / ((1 << bits) - 1);
        return factor.ToString("F" + Math.Max(6, 3 - (int)Math.Floor(Math.Log10(factor))), CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
    }

    private IEnumerable<Finding> Doubts(string name, FilmFacts film)
    {
        foreach (var finding in film.Findings)
            yield return Named(finding, name);
        if (film.IsConstant && !ArePatches)
        {
            yield return new Finding(
                ErrorIds.ImageConstant,
                $"'{name}' has the same grey level everywhere; its score means nothing.")
            { SuggestedFix = "Check how it was exported." };
            yield break;
        }

        if (film.WasColour)
        {
            yield return new Finding(ErrorIds.ImageColour, $"'{name}' is a colour image and was converted to grey.")
            {
                SuggestedFix = "Mammograms are grey: check that it is not a screenshot.",
            };
        }

        if (film.LocalContrast is { } held && held != preparation.LocalContrast)
        {
            yield return new Finding(
                ErrorIds.LocalContrastDiffers,
                string.Create(CultureInfo.CurrentCulture, $"'{name}' holds local contrast of {held} pixels, but the network is given ")
                    + (preparation.LocalContrast is { } asked ? string.Create(CultureInfo.CurrentCulture, $"that of {asked}.") : "plain grey values."))
            {
                SuggestedFix = "Give the film itself, or patches that were made as those of the training.",
            };
        }

        if (Shape(name, film.Size) is { } shape)
            yield return shape;
        if (ArePatches)
            yield break;
        if (Scale(name, film) is { } scale)
            yield return scale;
        else if (Black(name, film) is { } black)
            yield return black;
        if (film.LooksInverted)
        {
            yield return new Finding(ErrorIds.ImageInverted, $"'{name}' looks inverted: its background is bright, but that of a mammogram is dark.")
            {
                SuggestedFix = "Invert it (MONOCHROME1 DICOM files are stored that way).",
            };
        }
    }

    private Finding? Shape(string name, ImageSize stored)
    {
        if (preparation.Size is not { } size)
            return null;
        var ratio = (double)stored.Height * size.Width / ((double)stored.Width * size.Height);
        if (Math.Max(ratio, 1 / ratio) > Distorted)
        {
            return new Finding(ErrorIds.ImageSizeDiffers, $"'{name}' is {stored}, so resizing to {size} changes its proportions by more than half.")
            {
                SuggestedFix = "Turn it, or give the whole image.",
            };
        }

        return !ArePatches && size.Height > Enlarged * stored.Height && size.Width > Enlarged * stored.Width
            ? new Finding(
                ErrorIds.ImageSizeDiffers,
                $"'{name}' is {stored}, far smaller than the {size} that the network is given: a thumbnail or a "
                    + "patch.")
            { SuggestedFix = "Give the whole image as it was exported." }
            : null;
    }

    private Finding? Scale(string name, FilmFacts film)
    {
        var maximum = film.Scaled(preparation, film.Maximum);
        var isOtherDepth = film.BitDepth == 8 ? maximum * Unit < HighestOfEightBitsMistaken : maximum * Unit > LowestOfSixteenBitsMistaken;

        if (preparation.LocalContrast is not null)
            return IsMaximumFar(maximum, preparation.Top) ? ContrastScale(maximum) : null;

        // Equalisation takes values of 0 to 255, and makes the best of any maximum below.
        if ((preparation.EqualizeHistogram && !isOtherDepth) || !IsMaximumFar(maximum, preparation.Top))
            return null;
        var evidence = $"'{name}' ({film.BitDepth} bit, stored maximum {film.Maximum}) has maximum {maximum:0.##} after rescaling by {Factor:0.######}, "
            + $"but the network expects {preparation.Top:0.##}.";
        var used = UsedBits(film);
        var files = used == film.BitDepth ? "" : $" in files of {film.BitDepth}";
        return isOtherDepth
            ? new Finding(ErrorIds.BitDepthMismatch, evidence)
            {
                SuggestedFix = $"-RescaleFactor {FactorOf(used)} fits images of {used} bits{files}; Get-RescaleFactor reports what fits all{Rescaled}.",
            }
            : new Finding(ErrorIds.MaximumNot255, evidence)
            {
                SuggestedFix = $"One film alone does not show the factor: Get-RescaleFactor reports what fits all of a source{Rescaled}"
                    + (preparation.Top == ValueScale.Original ? ", and -AutoLevel stretches each image as the published models' images were." : "."),
            };
    }

    private Finding ContrastScale(double maximum) => new(
        ErrorIds.MaximumNot255,
        $"Local contrast has values up to 255 whatever the bit depth is; they become {maximum:0.##} by the rescale factor {Factor:0.######}, but the network "
            + $"expects {preparation.Top:0.##}.")
    {
        SuggestedFix = $"Use -RescaleFactor {FactorOf(8)}.",
    };

    // Detectors give 10, 12 or 14 bits, in files of 16.
    private static int UsedBits(FilmFacts film) =>
        film.BitDepth == 8 ? 8
        : Array.Find([10, 12, 14], bits => film.Maximum > byte.MaxValue && film.Maximum < 1 << bits) is > 0 and var used ? used
        : film.BitDepth;

    // The lower end: what is white at zero in a file of more bits than its values use comes out bright and flat, with the right maximum.
    private Finding? Black(string name, FilmFacts film)
    {
        var minimum = film.Scaled(preparation, film.Minimum);
        if (preparation.EqualizeHistogram || minimum * Unit <= HighestMinimum)
            return null;
        return new Finding(
            ErrorIds.MinimumNot0,
            $"The darkest pixel of '{name}' ({film.BitDepth} bit, stored minimum {film.Minimum}) is {minimum:0.##} after rescaling, "
                + $"but black is 0 and white {preparation.Top:0.##}.")
        {
            SuggestedFix = "Export it with black at 0 (a TIFF whose white is zero, with 12 bits in 16, is shifted so), or give the whole film with its "
                + "background.",
        };
    }
}
