using System.Collections.Immutable;

namespace Mammo.Data.Dicom;

/// <summary>What speaks against scoring a DICOM image, by its elements alone.</summary>
public static class DicomChecks
{
    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
    private const string Tomosynthesis = "1.2.840.10008.5.1.4.1.1.13.1.";

    // Radiographs; which part of the body they show the file must say or leave open.
    private static readonly string[] Radiography = ["MG", "RG", "CR", "DX", "DR"];

    internal static DicomRemark NoOrientation { get; } = new(
        ErrorIds.DicomOrientation,
        "The file does not say how its image lies (Patient Orientation), so that it was not turned.",
        "Look at the image, and turn it with another program if the breast does not hang as in others.");

    internal static DicomRemark OrientedByBreast { get; } = new(
        ErrorIds.DicomOrientation,
        "The file does not say how its image lies (Patient Orientation): left and right were set by the breast that was found, top and bottom stayed.",
        "Look at the image, and turn it with another program if the breast does not hang as in others.");

    /// <summary>What the file's elements say of the side on which the chest wall is, against what is seen in its pixels.</summary>
    /// <param name="info">What the file's elements say.</param>
    /// <param name="isAtRight">The chest wall was found at the right of the image as it is stored.</param>
    /// <returns>A remark where the two disagree; null where they agree or the file says nothing.</returns>
    public static DicomRemark? Side(DicomImageInfo info, bool isAtRight)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (ExpectedAtRight(info) is not { } expected || expected == isAtRight)
            return null;
        var (found, said) = isAtRight ? ("right", "left") : ("left", "right");
        return new DicomRemark(
            ErrorIds.DicomSide,
            $"The breast is at the {found} of the image; by the side and orientation in the file ({Elements(info)}) it should be at the {said}.",
            "The image was mirrored or its side is wrong: compare it with the others of the examination. -Orient turns it by the breast that is found.");
    }

    /// <summary>An image in which the breast was found on the other side after it was turned as the file says.</summary>
    internal static DicomRemark Mirrored(DicomImageInfo info, bool isAtRight) => new(
        ErrorIds.DicomSide,
        $"Turned as the file says ({Elements(info)}), the breast was at the {(isAtRight ? "right" : "left")} of the image, so that the image was mirrored.",
        "Compare it with the others of the examination: if its side is wrong, and not its pixels, leave out -Orient.");

    /// <summary>Whether the chest wall of the stored image is at its right, by what the file says; null where it does not.</summary>
    internal static bool? ExpectedAtRight(DicomImageInfo info) => info.PatientOrientation?.ToUpperInvariant().Split('\\') switch
    {
        [['P', ..], _] => true,
        [['A', ..], _] => false,
        [_, _] => null,
        _ => info.Laterality is "L" or "R" ? info.Laterality == "R" : null,
    };

    private static string Elements(DicomImageInfo info) => $"{info.Laterality ?? "side unknown"}, {info.PatientOrientation ?? "orientation unknown"}";

    /// <summary>Everything remarkable, what the options refuse first.</summary>
    /// <param name="info">What the file's elements say.</param>
    /// <param name="options">What is accepted.</param>
    public static ImmutableArray<DicomRemark> Examine(DicomImageInfo info, DicomOptions options)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(options);
        return [.. All(info, options).OrderByDescending(remark => remark.IsRefusal)];
    }

    private static IEnumerable<DicomRemark> All(DicomImageInfo info, DicomOptions options) => info.HasPixels
        ? Readable(info).Concat(Kind(info, options)).Concat(Frames(info, options)).Concat(View(info, options)).Concat(Content(info))
            .Concat(Voi(info, options.Voi))
        : [new DicomRemark(ErrorIds.DicomNotImage, $"The file holds no image but {Describe(info.SopClassUid)}.", "Leave it out.", true)];

    private static IEnumerable<DicomRemark> Readable(DicomImageInfo info)
    {
        if (info.SamplesPerPixel != 1 || info.Photometric is not (null or "MONOCHROME1" or "MONOCHROME2"))
        {
            yield return new DicomRemark(
                ErrorIds.DicomColour,
                $"The image is in colour ({info.Photometric}, {info.SamplesPerPixel} samples per pixel): a screenshot or an image of another modality.",
                "Leave it out. To score it all the same, save it as a grey PNG first.",
                true);
        }

        if (TransferSyntax.Of(info.TransferSyntaxUid) is { Coding: PixelCoding.Unsupported } syntax)
            yield return syntax.NotRead;
    }

    // The objects that lie beside images in an archive's folders (PS3.6, A).
    private static string Describe(string? uid) => uid switch
    {
        null => "a dataset without pixels",
        "1.2.840.10008.1.3.10" => "a directory of files (DICOMDIR)",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.88.", StringComparison.Ordinal) => "a structured report",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.11.", StringComparison.Ordinal) => "a presentation state",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.104.", StringComparison.Ordinal) => "a document",
        "1.2.840.10008.5.1.4.1.1.66" => "raw data",
        _ => $"an object of the class {uid}",
    };

    private static IEnumerable<DicomRemark> Kind(DicomImageInfo info, DicomOptions options)
    {
        if (string.Equals(info.PresentationIntent, "FOR PROCESSING", StringComparison.OrdinalIgnoreCase)
            || info.SopClassUid is "1.2.840.10008.5.1.4.1.1.1.2.1" or "1.2.840.10008.5.1.4.1.1.1.1.1")
        {
            yield return new DicomRemark(
                ErrorIds.DicomForProcessing,
                "The image is for processing: the detector's signal, not what a radiologist reads. Networks are trained on images for presentation.",
                "Take the image for presentation of the same study; -AllowForProcessing reads this one all the same.",
                !options.AllowForProcessing);
        }

        var isBreast = info.BodyPart is null || Has(info.BodyPart, "BREAST") || Has(info.BodyPart, "MAMMO") || info.Modality == "MG";
        var isScreen = HasType(info, "SCREEN SAVE") || HasType(info, "SCREENSHOT");
        if (info.Modality is { } modality && !(Radiography.Contains(modality) && isBreast) && !(modality is "OT" or "SC" && Has(info.BodyPart, "BREAST")))
        {
            yield return new DicomRemark(
                ErrorIds.DicomModality,
                $"The image is no mammogram: its modality is {modality}{(info.BodyPart is null ? "" : ", its body part " + info.BodyPart)}.",
                "Leave it out; -AnyView reads it all the same.",
                !options.AnyView);
        }
        else if (isScreen || (info.SopClassUid?.StartsWith(SecondaryCapture, StringComparison.Ordinal) == true && info.ConversionType != "DF"))
        {
            yield return new DicomRemark(
                ErrorIds.DicomSecondaryCapture,
                isScreen ? "The image is a picture of a screen." : "The image is a secondary capture: a program made it and may have changed its values.",
                "Take the original image where there is one." + (isScreen ? " -AnyView reads this one all the same." : ""),
                isScreen && !options.AnyView);
        }
    }

    private static IEnumerable<DicomRemark> Frames(DicomImageInfo info, DicomOptions options)
    {
        var isTomosynthesis = info.SopClassUid?.StartsWith(Tomosynthesis, StringComparison.Ordinal) == true
            || (!info.IsSynthetic && Types(info).Any(type => type.StartsWith("TOMO", StringComparison.OrdinalIgnoreCase)));
        if (isTomosynthesis)
        {
            yield return new DicomRemark(
                ErrorIds.DicomTomosynthesis,
                $"The image is of a tomosynthesis scan ({info.Frames} frames): a slice or a projection, not a mammogram.",
                "Take the two-dimensional image of the same study; -Frame reads one slice all the same.",
                options.Frame is null && !(options.AnyView && info.Frames == 1));
        }
        else if (info.Frames > 1 && options.Frame is null)
        {
            yield return new DicomRemark(ErrorIds.DicomMultiFrame, $"The image has {info.Frames} frames.", "Name one with -Frame.", true);
        }

        if (options.Frame > info.Frames || options.Frame < 1)
        {
            yield return new DicomRemark(
                ErrorIds.DicomMultiFrame,
                $"Frame {options.Frame} does not exist: the image has {info.Frames}.",
                "Name another with -Frame.",
                true);
        }

        if (info.IsSynthetic)
        {
            yield return new DicomRemark(
                ErrorIds.DicomSynthetic,
                "The image was computed from a tomosynthesis scan (synthetic 2D); it looks other than the mammograms that networks are trained on.",
                "Take the acquired two-dimensional image where there is one.");
        }
    }

    private static IEnumerable<DicomRemark> View(DicomImageInfo info, DicomOptions options)
    {
        const string Allow = "Leave it out; -AnyView reads it all the same.";
        if (info.IsSpecimen)
            yield return new DicomRemark(ErrorIds.DicomSpecimen, "The image shows a specimen, not a breast.", Allow, !options.AnyView);
        else if (info.View is not (null or MammoView.CC or MammoView.MLO))
            yield return new DicomRemark(ErrorIds.DicomView, $"The view is {info.View}, not CC or MLO.", Allow, !options.AnyView);
        else if (Types(info).FirstOrDefault(IsSpecial) is { } type)
            yield return new DicomRemark(ErrorIds.DicomView, $"The image is no plain CC or MLO view: its type is {type}.", Allow, !options.AnyView);
        else if (info.ViewModifiers.Split(' ').FirstOrDefault(modifier => modifier is "RL" or "RM" or "RI" or "RS") is { } rolled)
            yield return new DicomRemark(ErrorIds.DicomView, $"The breast was rolled ({rolled}).", Allow, !options.AnyView);
        if (info.IsMagnification)
            yield return new DicomRemark(ErrorIds.DicomMagnification, "The image is a magnification view of a part of the breast.", Allow, !options.AnyView);
        if (info.IsSpotCompression)
            yield return new DicomRemark(ErrorIds.DicomSpotCompression, "The image is a spot compression view.", Allow, !options.AnyView);
    }

    private static IEnumerable<DicomRemark> Content(DicomImageInfo info)
    {
        if (info.IsImplantDisplaced || info.HasImplant == true)
        {
            yield return new DicomRemark(
                ErrorIds.DicomImplant,
                info.IsImplantDisplaced ? "The breast has an implant that was pushed aside (implant displaced)." : "The breast has an implant.",
                "Take scores of such images with care: few networks have seen any.");
        }

        if (info.HasBurnedInText == true)
        {
            yield return new DicomRemark(
                ErrorIds.DicomBurnedInText,
                "Text is burned into the image. It can name the patient, and a network can take it for tissue.",
                "Take the image without text, or cut the breast out with Convert-MammoImage.");
        }
    }

    /// <summary>A file that lacks what it is to be shown with.</summary>
    /// <param name="what">What it has instead.</param>
    internal static DicomRemark VoiMissing(string what) => new(
        ErrorIds.DicomVoiMissing, $"The file has {what}.", "Leave -Voi at Auto, or look at the Voi property that Get-MammoImageInfo gives.", true);

    // Frames may have windows of their own, which are looked at when one is read.
    private static IEnumerable<DicomRemark> Voi(DicomImageInfo info, DicomVoi? voi)
    {
        if (info.Frames > 1)
            yield break;
        if (voi?.Kind == DicomVoiKind.Lut && !info.HasVoiLut)
            yield return VoiMissing("no VOI lookup table");
        if (voi?.Kind == DicomVoiKind.Window && voi.Index > info.Windows && info.Windows > 0)
            yield return VoiMissing(FormattableString.Invariant($"only {info.Windows} windows"));
    }

    // Stereotactic images of biopsies, and the parts of contrast-enhanced mammography that are no mammograms.
    private static bool IsSpecial(string type) => type is "SUBTRACTION" or "HIGH_ENERGY" || type.StartsWith("STEREO_", StringComparison.Ordinal)
        || type.StartsWith("PREFIRE_", StringComparison.Ordinal) || type.StartsWith("POSTFIRE_", StringComparison.Ordinal);

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static string[] Types(DicomImageInfo info) => info.ImageType?.Split('\\') ?? [];

    private static bool HasType(DicomImageInfo info, string type) => Types(info).Contains(type, StringComparer.OrdinalIgnoreCase);
}
