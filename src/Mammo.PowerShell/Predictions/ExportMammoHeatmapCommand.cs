using System.Management.Automation;
using Mammo.PowerShell.Common;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Overlays;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Writes heatmaps as pictures over their mammograms, and as numbers with the way back to the stored image. Research use only.
/// </summary>
[Cmdlet(VerbsData.Export, "MammoHeatmap", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMammoHeatmapCommand : MammoCmdlet
{
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private string _folder = "";

    /// <summary>Folder for the files; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>Heatmaps of Get-MammoHeatmap.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [NotNull]
    public MammoHeatmap[] InputObject { get; set; } = [];

    /// <summary>Class that is shown; the last one unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? Class { get; set; }

    /// <summary>Rows of the mammogram in the picture; it is never made larger than it is.</summary>
    [Parameter]
    [InRange(64, 8192)]
    public int Height { get; set; } = 1024;

    /// <summary>Millimetres from one stored pixel to the next, for the scale bar; what DICOM files say unless set.</summary>
    [Parameter]
    [InRange(0.001, 10.0)]
    [PSDefaultValue(Help = "what a DICOM file says")]
    public double? PixelSpacing { get; set; }

    /// <summary>Replace files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the pictures to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _folder = ResolveOutput(Path, force: true);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var heatmap in InputObject)
            Attempt(() => Write(heatmap), heatmap);
    }

    private void Write(MammoHeatmap heatmap)
    {
        var names = HeatmapFiles.Names(heatmap.Path);
        var picture = System.IO.Path.Combine(_folder, names[0]);
        if (!_written.Add(names[0]))
        {
            throw new MammoException(
                ErrorIds.ConversionTargetTaken,
                $"'{heatmap.Path}' would be written as '{names[0]}', as another heatmap was.",
                "Write images of one name, and heatmaps of several models, to different folders.",
                heatmap.Path);
        }

        foreach (var name in names)
            AtomicFile.CheckFree(System.IO.Path.Combine(_folder, name), Force);
        if (!ShouldProcess(picture, "Write heatmap"))
            return;
        HeatmapFiles.Write(heatmap, _folder, new OverlayOptions(Class, Height, PixelSpacing));
        if (PassThru)
            WriteObject(new FileInfo(picture));
    }
}
