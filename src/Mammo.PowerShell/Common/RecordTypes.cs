using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Mammo.Archive.Merging;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom.Sending;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Sweeps;
using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Comparison;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Exams;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Roc;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Conversion;
using Mammo.Scoring.CrossValidation;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Inputs;
using Mammo.Scoring.Localisation;
using Mammo.Torch.Training;

namespace Mammo.PowerShell.Common;

/// <summary>Gives the records with numbers their adapter when the module is imported. Types files cannot: they are read before the libraries.</summary>
public sealed class RecordTypes : IModuleAssemblyInitializer
{
    /// <summary>The records whose numbers are shown.</summary>
    internal static Type[] All { get; } =
    [
        typeof(MammoImage),
        typeof(MammoImageInfo),
        typeof(DatasetSummary),
        typeof(FeaturewiseMean),
        typeof(FeaturewiseMeanEstimate),
        typeof(RescaleFactorEstimate),
        typeof(AucInterval),
        typeof(CalibrationBin),
        typeof(CardCalibration),
        typeof(CardDecision),
        typeof(DecisionRule),
        typeof(RiskBound),
        typeof(DecisionCurve),
        typeof(Estimate),
        typeof(EvaluationOptions),
        typeof(FrozenThreshold),
        typeof(Interval),
        typeof(OperatingPoint),
        typeof(PredictiveValues),
        typeof(McNemar),
        typeof(PairedTest),
        typeof(StatisticDifference),
        typeof(RocCurve),
        typeof(MammoLocalisation),
        typeof(MammoMeasurement),
        typeof(ModelCard),
        typeof(ModelMeasurement),
        typeof(ModelPart),
        typeof(PatchSetRecord),
        typeof(HeatmapGeometry),
        typeof(LayerKind),
        typeof(LayerListing),
        typeof(ModelConversionReport),
        typeof(LayerComparison),
        typeof(LayerAccuracy),
        typeof(HeatmapPeak),
        typeof(HeatmapPlace),
        typeof(MammoPrediction),
        typeof(MammoExam),
        typeof(ExamCombination),
        typeof(ExamTerm),
        typeof(MammoWorklist),
        typeof(MergeReport),
        typeof(ShardReport),
        typeof(InputDifference),
        typeof(InputProfile),
        typeof(EpochRecord),
        typeof(StoredInstance),
        typeof(CrossValidationResult),
    ];

    /// <summary>The types as a session knows them.</summary>
    internal static TypeData[] Data() => [.. All.Select(type => new TypeData(type.FullName) { TypeAdapter = typeof(RecordAdapter), IsOverride = true })];

    /// <inheritdoc/>
    public void OnImport()
    {
        // PowerShell finds no type of a load context by its name, and an adapter's type must be found; about_Classes names its table of short names for what
        // a module defines.
        var names = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators")!.GetMethod("Add", [typeof(string), typeof(Type)])!;
        foreach (var type in All)
            names.Invoke(null, [type.FullName, type]);
        if (Runspace.DefaultRunspace is { InitialSessionState: { } state } runspace && TableOf(runspace) is { } table)
        {
            foreach (var record in Data())
            {
                // In the session's own list too: the table is made anew from it when a module goes.
                state.Types.Add(new SessionStateTypeEntry(record, isRemove: false));
                table.AddType(record);
            }

            return;
        }

        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Utility\\Update-TypeData").AddParameter("TypeData", Data()).AddParameter("Force", true).Invoke();
    }

    // What Update-TypeData writes into. The cmdlet itself would bring its whole module with it, which costs more than the rest of the import; it does the work
    // where a PowerShell keeps its table elsewhere.
    private static TypeTable? TableOf(Runspace runspace)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        var context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)?.GetValue(runspace);
        return context?.GetType().GetProperty("TypeTable", Hidden)?.GetValue(context) as TypeTable;
    }
}
