using System.Management.Automation;
using Mammo.Data.Examination;

namespace Mammo.PowerShell.Datasets;

/// <summary>Finds the factor that brings stored pixels to the 0..255 scale from the bit depth and range of the images.</summary>
[Cmdlet(VerbsCommon.Get, "RescaleFactor", DefaultParameterSetName = "Dataset")]
[Alias("Get-MammoRescaleFactor")]
[OutputType(typeof(RescaleFactorEstimate))]
public sealed class GetRescaleFactorCommand : DatasetScanCommand
{
    private protected override string Activity => "Reading bit depths and ranges";

    private protected override object Scan(IEnumerable<string> paths, ScanOptions options)
    {
        var estimate = RescaleFactorEstimate.Measure(paths, options);
        foreach (var warning in estimate.Warnings)
            WriteFinding(warning);
        return estimate;
    }
}
