package run.labrun.spark;

import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CurrentDate;
import org.apache.spark.sql.catalyst.expressions.CurrentTimestamp;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.LocalTimestamp;
import org.apache.spark.sql.catalyst.expressions.Now;
import org.apache.spark.sql.catalyst.expressions.TimeAdd;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;

/**
 * Spark's clock functions on the sandbox's time: each becomes "now + offset". Spark itself still decides when now is (once per query), so
 * a query that is run twice sees two times, as ever. The inner "now" carries a tag, since a plan is analysed again with each step built on it.
 */
final class SandboxClock extends Rule<LogicalPlan> {
    private static final TreeNodeTag<Boolean> SHIFTED = new TreeNodeTag<>("labrun.shifted");

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Gateway.offset() == 0 ? plan : plan.transformAllExpressionsWithSubqueries(SHIFT);
    }

    private static final PartialFunction<Expression, Expression> SHIFT = new AbstractPartialFunction<>() {
        @Override
        public boolean isDefinedAt(Expression node) {
            return shifted(node) != null;
        }

        @Override
        public <A extends Expression, B> B applyOrElse(A node, scala.Function1<A, B> otherwise) {
            @SuppressWarnings("unchecked")
            B result = (B) shifted(node);
            return result == null ? otherwise.apply(node) : result;
        }
    };

    private static Expression shifted(Expression node) {
        if (node.getTagValue(SHIFTED).isDefined()) {
            return null;
        }
        if (node instanceof CurrentTimestamp || node instanceof Now) {
            return now(Option.empty());
        }
        if (node instanceof CurrentDate date) {
            return new Cast(now(date.timeZoneId()), DataTypes.DateType, date.timeZoneId(), evalMode());
        }
        if (node instanceof LocalTimestamp local) {
            return new Cast(now(local.timeZoneId()), DataTypes.TimestampNTZType, local.timeZoneId(), evalMode());
        }
        return null;
    }

    private static Expression now(Option<String> zone) {
        CurrentTimestamp now = new CurrentTimestamp();
        now.setTagValue(SHIFTED, true);
        Literal offset = new Literal(Gateway.offset() * 1000L, org.apache.spark.sql.types.DayTimeIntervalType.apply());
        return new TimeAdd(now, offset, zone.isDefined() ? zone : Option.apply(org.apache.spark.sql.internal.SQLConf.get().sessionLocalTimeZone()));
    }

    private static scala.Enumeration.Value evalMode() {
        return org.apache.spark.sql.catalyst.expressions.EvalMode.LEGACY();
    }
}
