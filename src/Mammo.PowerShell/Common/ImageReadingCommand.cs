using System.Management.Automation;
using Mammo.Data.Dicom;
using Mammo.Data.Images;

namespace Mammo.PowerShell.Common;

/// <summary>A cmdlet that reads images: how DICOM files are read, and which are accepted.</summary>
public abstract class ImageReadingCommand : MammoCmdlet
{
    /// <summary>
    /// DICOM: which values are shown: Auto (the file's lookup table, else its first window, else all), Lut, Window, Window:n, or None for the whole range;
    /// unless set, those that the model was trained on, or Auto.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(VoiCompleter))]
    [PSDefaultValue(Help = "the model card's, or Auto")]
    [NotEmpty]
    public string? Voi { get; set; }

    /// <summary>DICOM: number of the frame that is taken from an image of several, from 1.</summary>
    [Parameter]
    [InRange(1, int.MaxValue)]
    public int? Frame { get; set; }

    /// <summary>DICOM: take images for processing too, a detector's signal that no published network was trained on.</summary>
    [Parameter]
    public SwitchParameter AllowForProcessing { get; set; }

    /// <summary>DICOM: take other images than whole CC and MLO mammograms too: other views, magnification, spot compression, specimens, other
    /// modalities.</summary>
    [Parameter]
    public SwitchParameter AnyView { get; set; }

    /// <summary>DICOM: turn images as mammograms hang, by the directions that the file names and the chest wall that is found; as the model's card says unless
    /// set.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the model card's, or off")]
    public SwitchParameter Orient { get; set; }

    /// <summary>
    /// Memory in bytes that decoding images may take, all threads together, in this and later commands of the session: an image waits for others, and one that
    /// needs more is refused. A network whose feature maps for one image need more is refused too.
    /// </summary>
    [Parameter]
    [InRange(1 << 24, long.MaxValue)]
    [PSDefaultValue(Help = "a quarter of the memory")]
    public long? MemoryBudget
    {
        get;
        set
        {
            field = value;
            if (value is { } bytes)
                DecodingBudget.Bytes = bytes;
        }
    }

    /// <summary>Names of the parameters about DICOM files.</summary>
    private protected static IReadOnlyList<string> DicomParameters { get; } =
        [nameof(Voi), nameof(Frame), nameof(AllowForProcessing), nameof(AnyView), nameof(Orient)];

    /// <summary>What the parameters say; a wrong one ends the cmdlet with <see cref="ErrorIds.DicomVoiMissing"/>.</summary>
    private protected DicomOptions Dicom => Require(() =>
    {
        try
        {
            return new DicomOptions
            {
                Voi = Voi is null ? null : DicomVoi.Parse(Voi),
                Frame = Frame,
                AllowForProcessing = AllowForProcessing,
                AnyView = AnyView,
                Orient = Given<bool?>(nameof(Orient), Orient.ToBool(), null),
            };
        }
        catch (FormatException error)
        {
            throw new MammoException(ErrorIds.DicomVoiMissing, error.Message, "Give one of these.", nameof(Voi), error);
        }
    });
}
