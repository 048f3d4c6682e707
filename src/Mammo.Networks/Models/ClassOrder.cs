namespace Mammo.Networks.Models;

/// <summary>Notices orders of two classes that look reversed.</summary>
internal static class ClassOrder
{
    /// <summary>A warning when the first of two classes reads like the positive one.</summary>
    public static Finding? Check(string owner, IReadOnlyList<string> classes) =>
        classes.Count == 2
        && ClassWords.Meaning(classes[0]) is ClassMeaning.Positive or ClassMeaning.Cancer or ClassMeaning.Abnormal
        && ClassWords.Meaning(classes[1]) is ClassMeaning.Negative or ClassMeaning.Normal or ClassMeaning.Benign or ClassMeaning.NotCancer
            ? new(
                ErrorIds.ClassOrderReversed,
                $"The classes of {owner} are ({string.Join(", ", classes)}): the order looks reversed, since the last class is the positive one. The "
                    + "published models use -Class neg, pos.")
            : null;
}
