using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Splits;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Divides a dataset by patient into shares or folds; no patient is ever on two sides. Writes one dataset per part.</summary>
[Cmdlet(VerbsCommon.Split, "MammoDataset", DefaultParameterSetName = "Share", SupportsShouldProcess = true)]
[OutputType(typeof(MammoDataset))]
public sealed class SplitMammoDatasetCommand : MammoCmdlet
{


    /// <summary>The dataset; its images name their patients.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset Dataset { get; set; } = null!;

    /// <summary>What is kept together: Patient.</summary>
    [Parameter]
    [OneOf("Patient")]
    [ArgumentCompleter(typeof(GroupingCompleter))]
    public string By { get; set; } = "Patient";

    /// <summary>Shares of the parts; they add up to 1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Share")]
    [InRange(0.0, 1.0)]
    public double[] Share { get; set; } = [];

    /// <summary>Number of folds of equal size.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Fold")]
    [InRange(2, 1000)]
    public int Fold { get; set; }

    /// <summary>
    /// The original's split into training and validation: this share of the patients is validation, by scikit-learn's algorithm with seed 12345.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Original")]
    [InRange(0.0, 1.0)]
    public double OriginalValidationShare { get; set; }

    /// <summary>Use a split that was written with -SplitPath; its hash is checked.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [NotEmpty]
    public string FromSplit { get; set; } = "";

    /// <summary>Every part gets its share of each class.</summary>
    [Parameter(ParameterSetName = "Share")]
    [Parameter(ParameterSetName = "Fold")]
    public SwitchParameter Stratify { get; set; }

    /// <summary>Decides who goes where.</summary>
    [Parameter(ParameterSetName = "Share")]
    [Parameter(ParameterSetName = "Fold")]
    [InRange(0, int.MaxValue)]
    public int Seed { get; set; } = 12345;

    /// <summary>File that keeps the split with its hash.</summary>
    [Parameter]
    [NotEmpty]
    public string? SplitPath { get; set; }

    /// <summary>Name of a variable that is given the images that are in no part.</summary>
    [Parameter]
    [NotEmpty]
    public string? FindingVariable { get; set; }

    /// <summary>Replace the file of -SplitPath.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(
        () =>
        {
            WriteFindings([Dataset], FindingVariable);
            var split = Split();
            WriteVerbose($"{split}; hash {split.Hash}");
            if (SplitPath is not null && ShouldProcess(ResolveOutput(SplitPath, Force), "Write split"))
                SplitFile.Write(split, ResolveOutput(SplitPath, Force));
            var (parts, findings) = split.Apply(Dataset);
            WriteFindings(findings, FindingVariable);
            foreach (var part in parts)
                WriteObject(part);
        },
        Dataset);

    private PatientSplit Split() => ParameterSetName switch
    {
        "Fold" => PatientSplitter.ByFolds(Dataset, Fold, (uint)Seed, Stratify),
        "Original" => PatientSplitter.AsOriginal(Dataset, OriginalValidationShare),
        "File" => SplitFile.Read(ResolveInput(FromSplit)),
        _ => PatientSplitter.ByShares(Dataset, Share, (uint)Seed, Stratify),
    };
}
