using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Conversion;

/// <summary>
/// What is done to an image that is converted, in this order: blank artefacts, cut to the breast, turn the chest wall left, stretch the range, resize,
/// change the bit depth. Everything is off unless set. Artefacts go first, because a white label would set the range's upper end.
/// </summary>
public sealed record ImageConversion
{
    /// <summary>Rows and columns of the result, whatever the proportions; null keeps them.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Rows of the result, columns in proportion; not together with <see cref="Size"/>.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>8 or 16; null keeps the image's own. Going down keeps the high byte's worth, rounded.</summary>
    public int? BitDepth { get; init; }

    /// <summary>Stretch the image's own range to the full range of its bit depth.</summary>
    public bool AutoLevel { get; init; }

    /// <summary>Cut the image to the breast's box.</summary>
    public bool CropBreast { get; init; }

    /// <summary>Make everything outside the breast background: labels, tape, film edges.</summary>
    public bool SuppressArtifact { get; init; }

    /// <summary>Mirror images whose chest wall is at the right.</summary>
    public bool FlipToLeft { get; init; }

    /// <summary>Looks at the options alone.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ConversionOptionInvalid"/>.</exception>
    public void Check()
    {
        if (TargetHeight is not null && Size is not null)
            throw new MammoException(
                ErrorIds.ConversionOptionInvalid,
                "A size and a height are both given.",
                "Leave out one: the size does not keep the proportions, the height does.");
        if (BitDepth is not (null or 8 or 16) || TargetHeight <= 0 || Size is { Height: <= 0 } or { Width: <= 0 })
            throw new MammoException(ErrorIds.ConversionOptionInvalid, "The bit depth is 8 or 16, and the size has at least one row and one column.");
    }

    /// <summary>Converts one image; what was decided on the way is in the result.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ConversionOptionInvalid"/>; <see cref="ErrorIds.BreastNotFound"/>: the breast is asked for and there is none.
    /// </exception>
    public ConvertedImage Apply(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Check();
        var warnings = ImmutableArray.CreateBuilder<Finding>();
        warnings.AddRange(image.Findings);
        var breast = CropBreast || SuppressArtifact || FlipToLeft ? BreastFinder.Find(image) : null;
        if (breast is { LooksInverted: true })
            warnings.Add(new Finding(ErrorIds.ImageInverted, "The film looks inverted: its background is bright."));
        if (image.Range() is var (minimum, maximum) && minimum == maximum)
            warnings.Add(new Finding(ErrorIds.ImageConstant, "The image has the same grey everywhere."));
        if (image.WasColour)
            warnings.Add(new Finding(ErrorIds.ImageColour, "The image was in colour and has been converted to grey."));
        var isFlipped = FlipToLeft && ChestWall.IsAtRight(breast!);
        var framed = SuppressArtifact ? breast!.Blank(image) : image;
        framed = CropBreast ? Framing.Crop(framed, breast!.Box) : framed;
        framed = isFlipped ? Framing.FlipHorizontal(framed) : framed;
        framed = AutoLevel ? Images.AutoLevel.Apply(framed) : framed;
        framed = SmoothResize.Apply(framed, framed.Size.Resized(TargetHeight, Size));
        return new ConvertedImage(ToDepth(framed, warnings), CropBreast ? breast!.Box : null, isFlipped, breast?.LooksInverted == true, warnings.ToImmutable());
    }

    private GreyImage ToDepth(GreyImage image, ImmutableArray<Finding>.Builder warnings)
    {
        if (BitDepth is not { } depth || depth == image.BitDepth)
            return image;
        if (depth == 16)
            return image.With(Array.ConvertAll(image.Pixels, value => (ushort)(value * 257)), bitDepth: depth);
        if (image.Pixels.Max() < 0x2000)
            warnings.Add(new Finding(
                ErrorIds.MaximumNot255, "Less than an eighth of the 16-bit range is used, so that little is left in 8 bits: stretch the range first."));
        return image.With(Array.ConvertAll(image.Pixels, value => (ushort)((value * 255 + 32767) / 65535)), bitDepth: depth);
    }
}

/// <summary>An image after its conversion.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Box">The part that was cut out; null without cutting.</param>
/// <param name="IsFlipped">It has been mirrored.</param>
/// <param name="LooksInverted">The film is a negative; it was not turned into a positive.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record ConvertedImage(GreyImage Image, PixelBox? Box, bool IsFlipped, bool LooksInverted, ImmutableArray<Finding> Warnings);
