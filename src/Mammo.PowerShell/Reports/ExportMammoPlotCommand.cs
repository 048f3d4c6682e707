using System.Management.Automation;
using Mammo.Evaluation.Measurement;
using Mammo.PowerShell.Common;
using Mammo.PowerShell.Predictions;

namespace Mammo.PowerShell.Reports;

/// <summary>Draws a curve of predictions, of a measurement or of a training, as SVG or PNG.</summary>
[Cmdlet(VerbsData.Export, "MammoPlot", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMammoPlotCommand : MeasuringCommand
{
    private readonly List<PSObject> _epochs = [];
    private readonly List<MammoMeasurement> _measurements = [];
    private readonly List<PSObject> _localisations = [];

    /// <summary>The file; its extension, .svg or .png, says its format.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>What is drawn.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public PlotKind Kind { get; set; }

    /// <summary>
    /// Predictions or one measurement of Measure-MammoPrediction; for Froc one of Measure-MammoHeatmap; for History the epochs of a training, or the path of
    /// its history.jsonl.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>PNG: columns of the picture in pixels.</summary>
    [Parameter]
    [InRange(200, 10000)]
    public int Width { get; set; } = 1260;

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the file to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override PSObject[] Predictions =>
        [.. InputObject.Where(item => Kind is not (PlotKind.History or PlotKind.Froc) && item.BaseObject is not MammoMeasurement)];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Kind == PlotKind.History)
            _epochs.AddRange(InputObject);
        if (Kind == PlotKind.Froc)
            _localisations.AddRange(InputObject);
        _measurements.AddRange(InputObject.Select(item => item.BaseObject).OfType<MammoMeasurement>());
        base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        const double Columns = 420;
        var path = ResolveOutput(Path, Force);
        Require<object?>(() => System.IO.Path.GetExtension(path).ToLowerInvariant() is ".svg" or ".png"
            ? null
            : throw new MammoException(ErrorIds.EvaluationOptionInvalid, $"'{path}' ends neither in .svg nor in .png.", "Change the extension.", path));
        var isOther = Kind is PlotKind.History or PlotKind.Froc;
        var measurement = isOther ? null : Measured();
        if ((isOther || measurement is not null) && ShouldProcess(path, $"Draw {Kind}"))
        {
            Require<object?>(() =>
            {
                var plot = Kind == PlotKind.Froc ? PlotWriter.Froc(_localisations)
                    : measurement is null ? PlotWriter.Of(_epochs, ResolveInput)
                    : PlotWriter.Of(Kind, measurement.Evaluation, _measurements.Count > 0 ? null : Builder.ToSet(Options), measurement.ClassCount.Keys.Last());
                PlotWriter.Write(plot, path, Width / Columns);
                return null;
            });
            if (PassThru)
                WriteObject(new FileInfo(path));
        }

        base.EndProcessing();
    }

    private MammoMeasurement? Measured() => _measurements switch
    {
        [] => Measure(),
        [var one] => one,
        _ => Require<MammoMeasurement>(() => throw new MammoException(
            ErrorIds.PlotImpossible, $"{_measurements.Count} measurements were given, and a plot is of one.", "Give one of them, such as $measured[0].")),
    };
}
