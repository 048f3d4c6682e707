namespace Mammo;

/// <content>Of ensembles.</content>
public static partial class ErrorIds
{
    /// <summary>Models cannot be one ensemble, or the parts in a file do not belong to its card.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string EnsembleInvalid = "Mammo.EnsembleInvalid";

    /// <summary>One network is wanted, and an ensemble of several is given.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelIsEnsemble = "Mammo.ModelIsEnsemble";

    /// <summary>A model has no part of that name, or no parts at all.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string PartUnknown = "Mammo.PartUnknown";
}
