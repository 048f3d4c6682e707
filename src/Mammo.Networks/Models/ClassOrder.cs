namespace Mammo.Networks.Models;

/// <summary>Notices orders of classes whose last one does not look like the positive one.</summary>
public static class ClassOrder
{
    /// <summary>A warning when the last class, which is the positive one, reads like the negative one, and another like the positive one.</summary>
    /// <param name="owner">Whose classes they are, for messages.</param>
    /// <param name="classes">Names of classes in the order of the labels.</param>
    /// <returns>Null where the order says nothing against it.</returns>
    public static Finding? Check(string owner, IReadOnlyList<string> classes)
    {
        if (classes.Count < 2 || !IsNegative(classes[^1]) || !classes.Any(IsPositive))
            return null;
        var order = classes.Count == 2 ? "the order looks reversed" : $"'{classes[^1]}' does not look like the positive one";
        return new Finding(
            ErrorIds.ClassOrderReversed,
            $"The classes of {owner} are ({string.Join(", ", classes)}): {order}, since the last class is the positive one. The "
                + "published models use -Class neg, pos.");
    }

    private static bool IsPositive(string name) => ClassWords.Meaning(name) is ClassMeaning.Positive or ClassMeaning.Cancer or ClassMeaning.Abnormal;

    private static bool IsNegative(string name) =>
        ClassWords.Meaning(name) is ClassMeaning.Negative or ClassMeaning.Normal or ClassMeaning.Benign or ClassMeaning.NotCancer;
}
